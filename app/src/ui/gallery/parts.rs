//! Bars, tiles, cells, chips, cards, buttons, states of emptiness, progress, track, QR, installation.

use super::overlays;
use super::settings;
use crate::ui::*;
use leptos::prelude::*;

pub fn page() -> AnyView {
    let bar = Signal::stored(SyncState::Offline { waiting: 3 });
    provide_sync_line(bar, || ());
    view! {
        <div class="app">
            <TabBar items=super::tabs() path=Signal::stored("/".to_string()) />
            <div class="app-main">
                <div class="page">
                    <AppBar title="连心桥" brand=true>
                        <IconButton glyph=Glyph::SCAN label="扫码" on_press=|| () />
                        <IconButton glyph=Glyph::SEARCH label="搜索" on_press=|| () />
                    </AppBar>
                    <main class="page-main">
                        {home()}
                        {sync_lines()}
                        {cells()}
                        {cards()}
                        {buttons()}
                        {overlays::openers()}
                        {blanks()}
                        {work()}
                        {track()}
                        <QrCard art=qr() title="会员码" code="LX-7F3K-92QD" />
                        <InstallGuide platform=Platform::Android />
                        <ChatBrowserBar on_copy=|| () />
                        {settings()}
                    </main>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn home() -> AnyView {
    let tile = |glyph, label: &'static str| NavItem::new("#", glyph, label);
    let tiles = vec![
        tile(Glyph::NEWS, "信息网"),
        tile(Glyph::IDEA, "意见诉求").with_badge(Signal::stored(2)),
        tile(Glyph::VOTE, "投票选举"),
        tile(Glyph::HEART, "困难帮扶"),
        tile(Glyph::BOOK, "学习培训"),
        tile(Glyph::YUAN, "经费公开"),
        tile(Glyph::FLAG, "职代会"),
        tile(Glyph::SHIELD, "劳动保护"),
    ];
    view! {
        <NoticeBar tone=Tone::Info text="演示环境：数据为虚构，可随时重置。" action=(Text::from("了解"), Callback::new(|()| ())) />
        <Card title="待办 3 项" facts=vec![(Text::from("最急"), Text::from("红柳滩分会稿件待审")), ("截止".into(), "今天 18:00".into())]
            chip=Chip::new(Tone::Warn, Glyph::CLOCK, "今天到期") action=(Text::from("全部待办"), Callback::new(|()| ())) />
        <TileGrid items=tiles label="办事" />
    }
    .into_any()
}

fn sync_lines() -> AnyView {
    let states = [
        SyncState::Offline { waiting: 3 },
        SyncState::Syncing { done: 2, total: 3 },
        SyncState::NotSent(2),
        SyncState::NeedsChoice(1),
        SyncState::Stale(5),
        SyncState::UpdateReady,
    ];
    let all =
        states.into_iter().map(|s| view! { <SyncBar state=Signal::stored(s) on_press=|| () /> }.into_any());
    view! { <section class="group"><h2 class="group-title">{"同步状态"}</h2><div class="group-body">{all.collect_view()}</div></section> }.into_any()
}

fn cells() -> AnyView {
    use RecordState::*;
    let states = [Draft, Waiting, Sending, Delivered, NotSent, NeedsChoice, Returned, Void];
    let rows = states.into_iter().map(|s| {
        view! { <Cell title="红柳滩矿区送清凉物资发放" note="L-7F-12 · 昨天" href="#"><StateChip chip=s.chip() /></Cell> }.into_any()
    });
    let approvals = [
        ApprovalState::InReview,
        ApprovalState::Approved,
        ApprovalState::Rejected,
        ApprovalState::Withdrawn,
        ApprovalState::Closed,
    ];
    view! {
        <CellGroup title="单元格" note="整行都可以点">
            <Cell title="同步中心" glyph=Glyph::REFRESH value="今天 10:32" href="#" />
            <Cell title="消息" glyph=Glyph::BELL on_press=|| ()><Badge count=Signal::stored(7) /></Cell>
            <Cell title="当前单位" note="岭北能源 · 红柳滩煤矿工会 · 综采二队分会" glyph=Glyph::ORG />
            <Cell title="已选中的一行" note="桌面端列表与详情并排" href="#" selected=true />
        </CellGroup>
        <CellGroup title="记录状态">{rows.collect_view()}</CellGroup>
        <CellGroup title="审批状态">
            <div class="cell"><div class="chips">{approvals.into_iter().map(|a| view! { <StateChip chip=a.chip() /> }.into_any()).collect_view()}
                <StateChip chip=Chip::new(Tone::Danger, Glyph::DANGER, "永久删除") /></div></div>
        </CellGroup>
    }
    .into_any()
}

fn cards() -> AnyView {
    let fact = |a: &'static str, b: &'static str| (Text::from(a), Text::from(b));
    view! {
        <Card title="关于开展 2026 年冬季送温暖活动的通知" href="#" chip=ApprovalState::InReview
            facts=vec![fact("发布", "公司工会宣教部"), fact("范围", "全体会员"), fact("截止", "2026年12月10日")] />
    }
    .into_any()
}

fn buttons() -> AnyView {
    let saving = RwSignal::new(false);
    let save = move || {
        saving.set(true);
        after_ms(1500, Box::new(move || saving.set(false)));
    };
    let off = Signal::stored(true);
    view! {
        <section class="group">
            <h2 class="group-title">{"按钮"}</h2>
            <div class="chips">
                <Button label="保存" kind=ButtonKind::Primary loading=saving on_press=save />
                <Button label="存草稿" on_press=|| () />
                <Button label="更多" kind=ButtonKind::Text on_press=|| () />
                <Button label="作废" kind=ButtonKind::Danger glyph=Glyph::TRASH on_press=|| () />
                <Button label="导出" glyph=Glyph::DOWNLOAD small=true on_press=|| () />
                <Button label="提交" kind=ButtonKind::Primary disabled=off on_press=|| () />
                <Button label="正在提交" kind=ButtonKind::Primary loading=off loading_label="正在提交…" on_press=|| () />
                <Button label="同意" kind=ButtonKind::Primary why_not="您是提交人，不能审批自己的稿件。" on_press=|| () />
            </div>
        </section>
    }
    .into_any()
}

fn blanks() -> AnyView {
    let next = |words: &'static str| (Text::from(words), Callback::new(|()| ()));
    view! {
        <section class="card"><Empty what="还没有稿件" why="写好的稿件先存在本机，联网后自动上传。" glyph=Glyph::EDIT next=next("写稿件") /></section>
        <section class="card"><ErrorView what="名单没有读出来" remedy="本机存储空间不足，请清理后重试。" code="E-STORE-07" next=next("重试") /></section>
        <section class="card"><NoRight why="困难职工档案只对承办的权益保障干事开放。" next=next("联系干事") /></section>
    }
    .into_any()
}

fn work() -> AnyView {
    let done = Signal::stored(Done { done: 1_240, total: 6_800, eta_s: Some(95) });
    view! {
        <section class="card">
            <Progress label="首次同步" done on_cancel=|| () />
            <div class="chips"><Ring percent=Signal::stored(0) /><Ring percent=Signal::stored(35) /><Ring percent=Signal::stored(100) /></div>
        </section>
        <Skeleton />
    }
    .into_any()
}

fn track() -> AnyView {
    let at = 1_795_401_120_000;
    let submit = TrackNode {
        device_ms: Some(at - 7_200_000),
        server_ms: Some(at - 3_600_000),
        ..TrackNode::new("提交", "阿依古丽 · 红柳滩分会干事", NodeState::Done)
    };
    let review = TrackNode {
        opinion: "数据与现场一致，同意上报。".into(),
        signed: "已签署 · 手机 PIN".into(),
        device_ms: Some(at),
        ..TrackNode::new("分会审核", "王建国 · 分会主席", NodeState::Done)
    };
    let back = TrackNode {
        opinion: "请补充照片说明。".into(),
        server_ms: Some(at),
        ..TrackNode::new("二级审核", "李红 · 红柳滩煤矿工会主席", NodeState::Returned)
    };
    let now = TrackNode::new("公司宣教终审", "宣教干事", NodeState::Now);
    view! { <Timeline nodes=vec![submit, review, back, now, TrackNode::new("发布", "系统", NodeState::Later)] /> }.into_any()
}

/// Not a readable code: squares to look at, drawn like one.
fn qr() -> QrArt {
    let size = 25;
    let finder = |x: usize, y: usize| {
        let (x, y) = (x.min(size - 1 - x.min(size - 1)), y.min(size - 1 - y.min(size - 1)));
        (x < 7 && y < 7)
            .then(|| x == 0 || y == 0 || x == 6 || y == 6 || ((2..5).contains(&x) && (2..5).contains(&y)))
    };
    let dark = (0..size * size)
        .map(|i| {
            let (x, y) = (i % size, i / size);
            finder(x, y).unwrap_or((x * 7 + y * 13 + x * y * 3) % 5 < 2)
        })
        .collect();
    QrArt::Modules { size, dark }
}
