//! An article with everything Markdown may have, and everything it may not.

use super::framed;
use crate::ui::*;
use leptos::prelude::*;
use std::sync::Arc;

const SOURCE: &str = "## 冬季送温暖活动通知

各分会：天气转冷，为做好一线职工**防寒保暖**工作，现将有关事项通知如下。详见[活动页面](/activities/7)或[全国总工会网站](https://www.acftu.org/)。

### 一、发放物资

|单位|人数|金额（元）|
|:--|--:|--:|
|红柳滩煤矿|412|82,400|
|岭北选煤厂|236|47,200|

1. 以班组为单位领取；
2. 领取人*签字确认*，不得代签。

- [x] 采购已完成
- [ ] 发放登记

> 关心职工冷暖，是工会的本分。

![发放现场](blob:7f3k)

---

<script>alert('这段脚本只会显示成文字')</script>

编号 `LB02-2026-018`，[不可信链接](javascript:alert(1)) 会去掉地址。
";

pub fn page() -> AnyView {
    let picture: PictureOf = Arc::new(|_| Signal::stored(None));
    let main = view! { <article class="card"><Markdown source=SOURCE picture /></article> };
    framed("通知", main.into_any())
}
