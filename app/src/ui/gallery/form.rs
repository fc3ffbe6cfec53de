//! Fields of all kinds with help, error, counter and disabled, files, people, and the bar at the bottom.

use super::framed;
use super::people;
use crate::ui::*;
use leptos::prelude::*;

pub fn page() -> AnyView {
    framed("意见诉求", view! { {words()}{choices()}{files()}{bar()} }.into_any())
}

fn words() -> AnyView {
    let title = RwSignal::new("综采二队更衣室热水不足".to_string());
    let long = RwSignal::new(
        "夜班升井后热水经常不够，已连续三天。\n希望调整锅炉供水时间，或增加一台电热水器。".to_string(),
    );
    let phone = RwSignal::new("1380013".to_string());
    let secret = RwSignal::new("lianxin-2026".to_string());
    let day = RwSignal::new("2026-11-23".to_string());
    let locked = RwSignal::new("红柳滩煤矿工会".to_string());
    let bad = move || {
        if phone.with(|p| p.chars().count() == 11) { "" } else { "电话应为 11 位，请补全。" }
    };
    view! {
        <Field label="标题" value=title max=40 help="一句话说明是什么事" />
        <Field label="内容" value=long kind=FieldKind::Long max=500 />
        <Field label="联系电话" value=phone kind=FieldKind::Phone error=bad autocomplete="tel" optional=true />
        <Field label="密码" value=secret kind=FieldKind::Password autocomplete="current-password" />
        <Field label="单位" value=locked disabled=true />
        <DateField label="发生日期" value=day until="2026-11-23" />
    }
    .into_any()
}

fn choices() -> AnyView {
    let kind = RwSignal::new("named".to_string());
    let topics = RwSignal::new(vec!["wage".to_string()]);
    let agreed = RwSignal::new(true);
    let kinds = vec![
        Choice::new("named", "实名").note("承办人能看到您的姓名，便于联系"),
        Choice::new("secret", "对承办人保密").note("只有工会主席能看到您的姓名"),
        Choice { disabled: true, ..Choice::new("none", "匿名").note("本单位未开通") },
    ];
    let all = vec![
        Choice::new("wage", "工资待遇"),
        Choice::new("safe", "劳动安全"),
        Choice::new("life", "生活后勤"),
    ];
    view! {
        <RadioCells label="提交方式" choices=kinds chosen=kind />
        <CheckCells label="涉及方面" choices=all chosen=topics error="至少选一项，最多选三项。" />
        <div class="group-body"><CheckCell label="我已阅读办理须知" note="15 个工作日内答复" checked=agreed /></div>
        {people::picker()}
    }
    .into_any()
}

fn files() -> AnyView {
    let file = |id: &str, name: &str, size, state| Attachment {
        id: id.into(),
        name: name.into(),
        size,
        thumb: None,
        state,
    };
    let items = RwSignal::new(vec![
        file("1", "IMG_20261123_073011.jpg", 348_160, AttachState::Sending(40)),
        file("2", "更衣室.jpg", 1_258_291, AttachState::Failed("图片损坏，请重新拍照".into())),
        file("3", "情况说明.pdf", 92_160, AttachState::Waiting),
        file("4", "签字页.jpg", 210_000, AttachState::Delivered),
    ]);
    let remove = move |id: String| items.update(|all| all.retain(|f| f.id != id));
    let retry = move |id: String| {
        items.update(|all| {
            all.iter_mut().filter(|f| f.id == id).for_each(|f| f.state = AttachState::Sending(5))
        })
    };
    view! { <AttachField label="图片和文件" items on_add=|_| () on_retry=retry on_remove=remove /> }
        .into_any()
}

fn bar() -> AnyView {
    let more = vec![
        ActionItem::new("存草稿", Glyph::SAVE, || ()),
        ActionItem::new("删除", Glyph::TRASH, || ()).dangerous(),
    ];
    view! {
        <PrimaryBar more>
            <Button label="预览" on_press=|| () />
            <Button label="提交" kind=ButtonKind::Primary on_press=|| () />
        </PrimaryBar>
    }
    .into_any()
}
