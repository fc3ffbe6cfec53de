//! The desk: side navigation, list beside detail, a table with figures.

use super::list::roster;
use crate::ui::*;
use leptos::prelude::*;

pub fn page() -> AnyView {
    let folded = RwSignal::new(false);
    let here = Signal::stored("/members/7".to_string());
    view! {
        <div class="app">
            <SideNav title="连心桥" groups=groups() path=here folded />
            <TabBar items=super::tabs() path=here />
            <div class="app-main">
                <div class="split has-detail">
                    <div class="split-list">
                        <div class="page"><AppBar title="会员" /><section class="page-main" aria-label="名单">{roster("desk")}</section></div>
                    </div>
                    <div class="split-detail">
                        <div class="page"><AppBar title="会费收缴" /><main class="page-main is-wide">{table()}{detail()}</main></div>
                    </div>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn groups() -> Vec<NavGroup> {
    let item = NavItem::new;
    vec![
        NavGroup { label: Text::default(), items: super::tabs() },
        NavGroup {
            label: "业务".into(),
            items: vec![
                item("/members", Glyph::USERS, "会员"),
                item("/aid", Glyph::HEART, "帮扶"),
                item("/finance", Glyph::YUAN, "财务"),
                item("/news", Glyph::NEWS, "宣传"),
                item("/stats", Glyph::CHART, "统计"),
            ],
        },
    ]
}

fn table() -> AnyView {
    let columns = vec![
        Column::words("单位"),
        Column::figures("人数"),
        Column::figures("应收（元）"),
        Column::figures("实收（元）"),
        Column::words("状态"),
    ];
    let row = |i: usize| {
        let states =
            [ApprovalState::Closed.chip(), ApprovalState::InReview.chip(), RecordState::NotSent.chip()];
        let words = |s: String| TableCell::Words(s);
        let cells = vec![
            words(format!("综采{}队分会", i + 1)),
            words(format!("{}", 20 + i * 7 % 60)),
            words(format!("{},{:03}.00", 2 + i % 7, i * 137 % 1000)),
            words(format!("{},{:03}.50", 1 + i % 7, i * 211 % 1000)),
            TableCell::State(states[i % 3].clone()),
        ];
        TableRow { id: i.to_string(), cells }
    };
    let rows = Signal::stored((0..120).map(row).collect::<Vec<_>>());
    let chosen = RwSignal::new(vec!["1".to_string()]);
    view! { <Table label="会费收缴" columns rows chosen on_open=|_| () on_export=|_| () /> }.into_any()
}

fn detail() -> AnyView {
    let done = Signal::stored(Done { done: 3, total: 9, eta_s: None });
    view! {
        <section class="card"><Progress label="正在导出" done /></section>
        <PrimaryBar><Button label="退回" on_press=|| () /><Button label="同意" kind=ButtonKind::Primary on_press=|| () /></PrimaryBar>
    }
    .into_any()
}
