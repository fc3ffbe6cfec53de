//! Writing a draft together, handing it in, reviewing it. Every field saves itself.

use super::words::{audience_words, choice};
use crate::client::client;
use crate::i18n::{t, t1};
use crate::page::{Form, OpinionSheet, Page, Pictures, act, allowed, by_steps, status_chip, track, with_doc};
use crate::ui::{
    ActionItem, Button, ButtonKind, CellGroup, Choice, DateField, Field, FieldKind, Glyph, NoticeBar,
    PrimaryBar, RadioCells, StateChip, Switch, Tone,
};
use domain::bridge::Opened;
use domain::modules::news::{DraftAct, NewsBody, columns, levels};
use domain::{Body, DocId, OrgCode, to_cbor};
use leptos::prelude::*;

/// The page of a draft.
pub fn page(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        let form = Form::new(id, opened);
        let may_edit = Memo::new(move |_| opened.with(|opened| opened.may_edit));
        view! {
            {move || opened.with(|opened| head(opened))}
            {move || if may_edit.get() { fields(form, opened) } else { super::article::preview(&opened.get()) }}
            {form.state_line()}
            {move || opened.with(|opened| track(opened))}
            {bar(id, opened, form)}
        }
        .into_any()
    });
    view! { <Page title=t("news.draft") back="/edit/news">{content}</Page> }.into_any()
}

fn head(opened: &Opened) -> AnyView {
    let waiting = (opened.waiting > 0)
        .then(|| view! { <NoticeBar tone=Tone::Info text=t1("page.waiting", opened.waiting) /> });
    let conflicts = (!opened.conflicts.is_empty()).then(|| {
        let names = opened.conflicts.iter().map(|(key, _)| field_words(key)).collect::<Vec<_>>().join("、");
        view! { <NoticeBar tone=Tone::Warn text=t1("page.conflict", names) /> }
    });
    view! { <div class="doc-head"><StateChip chip=status_chip(&opened.status) /></div>{waiting}{conflicts} }
        .into_any()
}

fn field_words(key: &str) -> String {
    let field = NewsBody::FIELDS.iter().find(|field| field.name == key);
    field.map_or_else(
        || key.to_string(),
        |field| if crate::i18n::lang() == crate::i18n::Lang::Zh { field.zh } else { field.en }.into(),
    )
}

fn fields(form: Form, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let column = form.line("column");
    let columns: Vec<Choice> = columns().iter().map(|one| Choice::new(one.code, choice(one))).collect();
    let is_honour = Memo::new(move |_| column.with(|code| code == "honour"));
    let is_notice = Memo::new(move |_| column.with(|code| code == "notice"));
    view! {
        <div class="form">
            <Field label=t("news.f-title") value=form.line("title") max=60 />
            <Field label=t("news.f-text") value=form.text("text") kind=FieldKind::Long max=50_000 help=t("news.f-text-help") />
            <Pictures form opened field="pics" label=t("news.f-pics") />
            {cover(form, opened)}
            <Field label=t("news.f-summary") value=form.line("summary") kind=FieldKind::Long max=200 optional=true />
            <RadioCells label=t("news.f-column") choices=columns chosen=column />
            {move || is_honour.get().then(|| honour(form))}
            {move || is_notice.get().then(|| confirm(form))}
            {audience(form, opened)}
            <Field label=t("news.f-source") value=form.line("source") max=60 optional=true />
            <Field label=t("news.f-author") value=form.line("author") max=40 optional=true />
            <Field label=t("news.f-photographer") value=form.line("photographer") max=40 optional=true />
            <DateField label=t("news.f-expires") value=form.line("expires") optional=true />
        </div>
    }
    .into_any()
}

/// Which of the pictures stands in lists.
fn cover(form: Form, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let cover = form.line("cover");
    let pics = Memo::new(move |_| opened.with(|opened| crate::page::items(opened, "pics")));
    (move || {
        let pics = pics.get();
        (!pics.is_empty()).then(|| {
            let one = |(n, (hash, caption)): (usize, (domain::Hash, String))| {
                let words = if caption.is_empty() { t1("news.pic-n", n + 1) } else { caption };
                Choice::new(hash.to_string(), words)
            };
            let mut options = vec![Choice::new("", t("news.no-cover"))];
            options.extend(pics.into_iter().enumerate().map(one));
            view! { <RadioCells label=t("news.f-cover") choices=options chosen=cover /> }
        })
    })
    .into_any()
}

fn audience(form: Form, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let value = form.line("audience");
    let unit = opened.with_untracked(|opened| opened.meta.unit.clone());
    let mut options =
        vec![Choice::new("public", t("news.public")), Choice::new("members", t("news.members"))];
    let mut add = |unit: OrgCode| {
        let code = format!("unit:{unit}");
        options.push(Choice::new(code.clone(), audience_words(&code)));
    };
    unit.upward().into_iter().filter(|unit| unit.level() > 1).for_each(&mut add);
    view! { <RadioCells label=t("news.f-audience") choices=options chosen=value /> }.into_any()
}

fn confirm(form: Form) -> AnyView {
    let on = form.yes("confirm");
    view! {
        <CellGroup><Switch label=t("news.f-confirm") note=t("news.f-confirm-note") on on_change=move |yes| on.set(yes) /></CellGroup>
        {move || on.get().then(|| view! { <DateField label=t("news.f-confirm-by") value=form.line("confirm_by") optional=true /> })}
    }
    .into_any()
}

fn honour(form: Form) -> AnyView {
    let level = form.line("honour_level");
    let options: Vec<Choice> = levels().iter().map(|one| Choice::new(one.code, choice(one))).collect();
    view! {
        <Field label=t("news.honour-name") value=form.line("honour_name") max=60 />
        <RadioCells label=t("news.honour-level") choices=options chosen=level />
        <Field label=t("news.honour-by") value=form.line("honour_by") max=60 />
        <Field label=t("news.honour-doc") value=form.line("honour_doc_no") max=40 help=t("news.honour-doc-help") />
        <DateField label=t("news.honour-date") value=form.line("honour_date") />
        <Field label=t("news.honour-who") value=form.line("honour_who") kind=FieldKind::Long max=200 />
    }
    .into_any()
}

/// Submit for the author; agree or return for who reviews. The sheets stand beside the bar: what is typed into
/// them stays while the bar follows what others do.
fn bar(id: DocId, opened: ReadSignal<Box<Opened>>, form: Form) -> AnyView {
    let (approve, give_back) = (RwSignal::new(false), RwSignal::new(false));
    let common = vec!["同意", "同意发布", "内容属实，同意"];
    let common_back = vec!["请核实数据后再报", "请补充现场照片", "标题请再精炼"];
    view! {
        {by_steps(opened, Box::new(move |opened| buttons(id, opened, form, approve, give_back)))}
        <OpinionSheet open=approve title=t("news.approve") ask=t("news.opinion") common=common verb=t("news.approve")
            doc=id act=move |opinion: String| to_cbor(&DraftAct::Approve { opinion }) />
        <OpinionSheet open=give_back title=t("news.return") ask=t("news.return-why") common=common_back required=true
            verb=t("news.return") doc=id act=move |opinion: String| to_cbor(&DraftAct::Return { opinion }) />
    }
    .into_any()
}

fn buttons(
    id: DocId,
    opened: &Opened,
    form: Form,
    approve: RwSignal<bool>,
    give_back: RwSignal<bool>,
) -> Option<AnyView> {
    let me = client().me.get()?;
    let mine = me.is(opened.meta.owner);
    let may = |code| allowed(opened, code);
    let submit = move || form.then(move || act(id, &DraftAct::Submit, || ()));
    let mut more = Vec::new();
    let may_submit = may("submit");
    if may("pull_back") && opened.status.code != "draft" {
        more.push(ActionItem::new(t("news.pull-back"), Glyph::UNDO, move || {
            act(id, &DraftAct::PullBack { reason: String::new() }, || ())
        }));
    }
    let reviews = may("approve") && !mine;
    if !reviews && !may_submit && more.is_empty() {
        return None;
    }
    Some(
        view! {
            <PrimaryBar more=more>
                {reviews.then(|| view! { <Button label=t("news.return") on_press=move || give_back.set(true) /> })}
                {reviews.then(|| view! { <Button label=t("news.approve") kind=ButtonKind::Primary on_press=move || approve.set(true) /> })}
                {(may_submit && !reviews).then(|| view! { <Button label=t("news.submit") kind=ButtonKind::Primary on_press=submit /> })}
            </PrimaryBar>
        }
        .into_any(),
    )
}
