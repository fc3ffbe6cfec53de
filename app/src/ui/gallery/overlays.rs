//! What opens over the page: sheet, action list, dialog, toast and snackbar.

use crate::ui::*;
use leptos::prelude::*;

pub fn openers() -> AnyView {
    let (sheet, actions, dialog) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let toasts = toasts();
    let typed = RwSignal::new(String::new());
    let why_not = move || if typed.get() == "清除" { "" } else { "请先输入“清除”两个字。" };
    view! {
        <section class="group">
            <h2 class="group-title">{"弹出层"}</h2>
            <div class="chips">
                <Button label="面板" on_press=move || sheet.set(true) />
                <Button label="操作" on_press=move || actions.set(true) />
                <Button label="对话框" on_press=move || dialog.set(true) />
                <Button label="提示" on_press=move || toasts.tell(Tone::Ok, "已保存在本机，联网后自动上传") />
                <Button label="撤销" on_press=move || toasts.tell_with_undo("已移到回收站", || ()) />
                <Button label="拒绝" on_press=move || toasts.fail("稿件已被他人退回，请查看意见后再提交。") />
            </div>
        </section>
        <Sheet open=sheet title="筛选">
            <p>{"面板最高占九成屏，可以拖动把手、点旁边、按返回键关闭。"}</p>
            <Button label="再开一层" on_press=move || dialog.set(true) />
        </Sheet>
        <ActionSheet open=actions title="这篇稿件" actions=list(dialog, toasts) />
        <Dialog open=dialog title="清除本机数据" verb="清除数据" danger=true why_not on_confirm=move || toasts.tell(Tone::Ok, "已清除")>
            <p>{"有 3 条记录还没有上传，清除后无法找回。"}</p>
            <Field label="输入“清除”两个字" value=typed />
        </Dialog>
    }
    .into_any()
}

fn list(dialog: RwSignal<bool>, toasts: Toaster) -> Vec<ActionItem> {
    let say = move |words: &'static str| move || toasts.tell(Tone::Info, words);
    vec![
        ActionItem::new("作废", Glyph::TRASH, move || dialog.set(true)).dangerous(),
        ActionItem::new("转办", Glyph::SEND, say("已转办")),
        ActionItem::new("加签", Glyph::SIGN, say("已加签")).unless("本环节已有两人会签。"),
        ActionItem::new("抄送", Glyph::COPY, say("已抄送")),
    ]
}
