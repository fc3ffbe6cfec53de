//! Appeals of the invented company, one in nearly every state: on time, overdue, handled twice, declined,
//! forwarded, confidential, answered openly. 巴特尔 and 其其格 handle those of 红柳滩, 冯立新 those of 青石岭,
//! 苏敏 those of the company.

use super::matter::{Matter, accept, answer, assign, rate, register, start};
use super::past::Past;
use crate::demo::stage::Event;
use domain::OrgCode;
use domain::modules::appeal::{Grade, MatterAct, MatterBody};

const BATEER: &str = "0409002";
const QIQIGE: &str = "0409003";
const LIXIN: &str = "0209003";
const SUMIN: &str = "0809003";
const DAYONG: &str = "0209002";

/// All of them.
pub fn events(past: &Past) -> Vec<Event> {
    matters().iter().flat_map(|matter| matter.events(past)).collect()
}

fn matters() -> Vec<Matter> {
    vec![
        heating(),
        last_bus(),
        bath(),
        insurance(),
        long_way(),
        overtime(),
        report(),
        crack(),
        homesick(),
        canteen(),
        bonus(),
        same_work(),
        school(),
        vending(),
    ]
}

/// Texts of an appeal: kind, title, what it is about, place.
fn body(kind: &str, title: &str, text: &str, place: &str) -> MatterBody {
    let (kind, title, text, place) = (kind.into(), title.into(), text.into(), place.into());
    MatterBody { kind, title, text, place, named: true, openly: true, ..MatterBody::default() }
}
/// The same, confidential to the handler.
fn quiet(body: MatterBody) -> MatterBody {
    MatterBody { named: false, ..body }
}
fn open_answer(title: &str, text: &str) -> MatterAct {
    MatterAct::OpenAnswer { title: title.into(), text: text.into() }
}

/// Confidential, answered, rated, and answered openly to all.
fn heating() -> Matter {
    let text = "3 号宿舍楼夜里 12 点以后暖气不热，室内只有 12 度，早班的人睡不好。请协调解决。";
    Matter {
        by: "0404349",
        unit: "LB04",
        body: quiet(body("claim", "宿舍夜间供暖不足", text, "红柳滩 3 号宿舍楼")),
        when: (41, 21.5),
        done: vec![
            (40, QIQIGE, register("已登记，转后勤部门一起查看")),
            (39, QIQIGE, accept()),
            (39, QIQIGE, assign("LB04", BATEER, "巴特尔")),
            (38, BATEER, start()),
            (
                22,
                BATEER,
                answer(
                    "经与后勤部门一起查看，是循环泵老化。已更换循环泵两台，清洗暖气片。连续三晚入户测温，\
                     室温都在 17.8 度以上。以后每周测一次，您发现不热可以随时再提。",
                ),
            ),
            (20, "0404349", rate(Grade::Very, "现在暖和了，谢谢")),
            (
                19,
                SUMIN,
                open_answer(
                    "关于宿舍夜间供暖的答复",
                    "有职工反映宿舍夜间供暖不足。矿工会会同后勤部门查看，更换循环泵两台，清洗暖气片，\
                     连续三晚入户测温，室温均在 17.8 度以上。今后每周测温一次，欢迎继续监督。",
                ),
            ),
        ],
    }
}

/// With the own name, answered openly.
fn last_bus() -> Matter {
    let text = "四点班升井洗完澡要到零点二十，末班车零点就走了，大家只能拼车。能不能推迟半小时。";
    Matter {
        by: DAYONG,
        unit: "LB02",
        body: body("opinion", "班车末班时间太早", text, "青石岭煤矿工业广场"),
        when: (58, 1.0),
        done: vec![
            (57, LIXIN, register("")),
            (56, LIXIN, accept()),
            (55, LIXIN, assign("LB02", LIXIN, "冯立新")),
            (54, LIXIN, start()),
            (
                36,
                LIXIN,
                answer("已与运输队商定：末班车改为零点四十发车，从本周一起执行，并在井口张贴新时刻表。"),
            ),
            (34, DAYONG, rate(Grade::Satisfied, "")),
            (
                33,
                SUMIN,
                open_answer(
                    "关于青石岭末班班车时间的答复",
                    "有职工反映四点班升井后赶不上末班车。经与运输队商定，末班车改为零点四十发车，\
                     新时刻表已在井口张贴。",
                ),
            ),
        ],
    }
}

/// Not satisfied: handled a second time.
fn bath() -> Matter {
    Matter {
        by: "0201500",
        unit: "LB02",
        body: body(
            "opinion",
            "澡堂水温忽冷忽热",
            "二号澡堂水温不稳，最近一周有三天是凉的。",
            "青石岭煤矿二号澡堂",
        ),
        when: (49, 18.0),
        done: vec![
            (48, LIXIN, register("")),
            (47, LIXIN, accept()),
            (46, LIXIN, assign("LB02", LIXIN, "冯立新")),
            (45, LIXIN, start()),
            (30, LIXIN, answer("已请机修队检修混水阀。")),
            (12, "0201500", rate(Grade::Dissatisfied, "修了两天又坏了，这周还是凉的")),
        ],
    }
}

/// Answered, waits for the person's word.
fn insurance() -> Matter {
    let text = "住院刚出院，想知道报销互助保障要带什么，多久内办。";
    Matter {
        by: "0404378",
        unit: "LB04",
        body: body("question", "互助保障报销要带哪些材料", text, ""),
        when: (13, 12.0),
        done: vec![
            (12, QIQIGE, register("")),
            (12, QIQIGE, accept()),
            (11, QIQIGE, assign("LB04.3", QIQIGE, "其其格")),
            (10, QIQIGE, start()),
            (
                9,
                QIQIGE,
                answer(
                    "出院后 90 天内，带住院发票复印件、诊断证明和工号到分会登记即可，我们代您上报。\
                     不方便来的话，可以请工会小组长代办。",
                ),
            ),
        ],
    }
}

/// More time was asked for and granted.
fn long_way() -> Matter {
    let text = "搬到新宿舍后走到上车点要四十分钟，天冷路滑，希望加一趟接驳车。";
    Matter {
        by: "0404418",
        unit: "LB04",
        body: body("claim", "宿舍搬迁后离采场太远", text, "红柳滩新宿舍区"),
        when: (37, 20.0),
        done: vec![
            (36, QIQIGE, register("")),
            (35, QIQIGE, accept()),
            (34, QIQIGE, assign("LB04", BATEER, "巴特尔")),
            (33, BATEER, start()),
            (
                6,
                BATEER,
                MatterAct::ProposeExtend {
                    reason: "接驳车辆采购需要公司审批，预计两周内到位".into(),
                    days: 15,
                },
            ),
            (5, "0409001", MatterAct::GrantExtend { words: "同意延期，请告知提出人".into() }),
        ],
    }
}

/// Being handled, on time.
fn overtime() -> Matter {
    let text = "上月 8 日、9 日两个休息日班没有算加班费，工资条附后。";
    Matter {
        by: DAYONG,
        unit: "LB02",
        body: body("claim", "上月加班费少算了两个班", text, "综采一队"),
        when: (11, 22.0),
        done: vec![
            (10, LIXIN, register("已登记，先与人力资源部门核对考勤")),
            (9, LIXIN, accept()),
            (8, LIXIN, assign("LB02", LIXIN, "冯立新")),
            (7, LIXIN, start()),
        ],
    }
}

/// Overdue: the law gives 15 days to say where it goes (信访工作条例 23).
fn report() -> Matter {
    let text = "体检过去两个月了，报告还没有发到本人手里，想知道结果。";
    Matter {
        by: "0201512",
        unit: "LB02",
        body: body("claim", "职业健康体检报告一直没有发", text, "职工医院"),
        when: (24, 9.0),
        done: vec![(21, LIXIN, register("已登记，等待职工医院回复"))],
    }
}

/// Urgent, just come in.
fn crack() -> Matter {
    let text = "今早巡检看到东帮 3 号平台有一条新裂缝，长约八米，请尽快派人看。";
    let body = body("opinion", "东帮边坡有新裂缝", text, "红柳滩东帮 3 号平台");
    Matter {
        by: "0404395",
        unit: "LB04",
        body: MatterBody { urgent: true, ..body },
        when: (0, 7.0),
        done: vec![],
    }
}

/// Somebody who only wants to be heard.
fn homesick() -> Matter {
    let text = "第一次在外面过冬，排班连着一个月没休。也不是要求什么，就想说一说。";
    Matter {
        by: "0404457",
        unit: "LB04",
        body: MatterBody { openly: false, ..body("voice", "新来的，想家了", text, "") },
        when: (3, 23.0),
        done: vec![(2, QIQIGE, register("收到了，我明天来宿舍找您聊聊"))],
    }
}

/// Assigned to 其其格: one for the story of two phones.
fn canteen() -> Matter {
    Matter {
        by: "0404366",
        unit: "LB04",
        body: body("claim", "食堂清真窗口不够", "清真窗口只有一个，中午要排半小时。", "红柳滩职工食堂"),
        when: (16, 13.0),
        done: vec![
            (15, QIQIGE, register("")),
            (14, QIQIGE, accept()),
            (13, QIQIGE, assign("LB04.3", QIQIGE, "其其格")),
        ],
    }
}

/// A confidential complaint: with the company, never with the unit it is about.
fn bonus() -> Matter {
    let text = "我们队的安全奖怎么分从来不公布，有人多拿。请查一查，不要让队里知道是谁说的。";
    let body = quiet(body("complaint", "班组奖金分配不公开", text, "青石岭煤矿 5 分会"));
    Matter {
        by: "0201530",
        unit: "LB",
        body: MatterBody { involved: "LB02.5".into(), openly: false, ..body },
        when: (17, 23.5),
        done: vec![
            (16, SUMIN, register("已登记，您的身份对所有人保密")),
            (15, SUMIN, accept()),
            (14, SUMIN, assign("LB", SUMIN, "苏敏")),
            (13, SUMIN, start()),
        ],
    }
}

/// Forwarded from the mine to the company.
fn same_work() -> Matter {
    Matter {
        by: "0404382",
        unit: "LB04",
        body: body(
            "claim",
            "劳务派遣和合同工取暖费不一样",
            "同样的岗位，取暖费差一半，希望同工同酬。",
            "红柳滩露天煤矿",
        ),
        when: (28, 19.0),
        done: vec![
            (27, QIQIGE, register("")),
            (
                26,
                QIQIGE,
                MatterAct::Forward {
                    to: OrgCode::new("LB"), reason: "取暖费标准由公司统一制定".into()
                },
            ),
            (24, SUMIN, accept()),
            (23, SUMIN, assign("LB", SUMIN, "苏敏")),
            (22, SUMIN, start()),
        ],
    }
}

/// Declined, with where to go instead.
fn school() -> Matter {
    let reason = "学籍由教育部门管理，工会没有办理的职权".into();
    let where_to = "市教育局学籍管理窗口，我们已把所需材料清单发给您".into();
    Matter {
        by: "0201525",
        unit: "LB02",
        body: body("question", "孩子跨区上学怎么办手续", "想把孩子接到市里上学，工会能不能帮忙办学籍。", ""),
        when: (31, 11.0),
        done: vec![(30, LIXIN, register("")), (29, LIXIN, MatterAct::Decline { reason, where_to })],
    }
}

/// Taken back by the person.
fn vending() -> Matter {
    Matter {
        by: "0404426",
        unit: "LB04",
        body: body("opinion", "希望增加一台自动售货机", "采场休息点想加一台售货机。", "红柳滩采场休息点"),
        when: (25, 15.0),
        done: vec![(24, "0404426", MatterAct::Withdraw { reason: "已经装上了".into() })],
    }
}
