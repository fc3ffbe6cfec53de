// The same records for every system: 26 values each, a 75-character text among them, as a union officer
// would write them. Deterministic, and varied enough that compression finds what it finds in real text.

/** Small seeded generator (mulberry32): the same seed gives the same records on every machine. */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const one = (list) => list[below(list.length)];
  const bytes = (n) => Uint8Array.from({ length: n }, () => below(256));
  return { below, one, bytes };
}

const COLUMNS = ['news', 'notice', 'honour', 'policy', 'organisation', 'democracy', 'production', 'culture', 'women'];
const TEAMS = ['综采一队', '综采二队', '掘进三队', '机电队', '运输队', '通风队', '选煤厂', '供电班', '调度室', '救护队', '维修班', '检修车间'];
const PLACES = ['青石岭煤矿', '红柳滩煤矿', '白桦沟露天煤矿', '黑山口选煤厂', '松树塘煤矿', '石门子电厂', '沙枣泉煤矿', '月亮湾铁路站'];
const NAMES = ['李大勇', '王秀兰', '马建国', '阿依古丽', '张立新', '刘春梅', '赵永强', '陈晓燕', '巴特尔', '孙志远', '周玉珍', '吴海峰'];
const EVENTS = [
  ['井口送清凉', '为下井职工送去绿豆汤、防暑药品和毛巾'], ['安全知识竞赛', '围绕瓦斯防治和应急避险开展答题比武'],
  ['冬送温暖', '走访困难职工家庭，把棉衣和米面送到家'], ['职工代表巡视', '查看澡堂、食堂和候车室，现场记下十二个问题'],
  ['班组长培训', '请来老班长讲怎样开好班前会、带好新工人'], ['女工健康讲座', '由矿医院大夫讲解两癌筛查和日常保养'],
  ['技能比武', '比拼钢丝绳插接、支架操作和电气排障'], ['厂务公开', '公布上半年福利费收支和奖金分配办法'],
  ['金秋助学', '给考上大学的职工子女发放助学金和行李箱'], ['文体活动周', '拔河、象棋和合唱轮番登场，三百多人参加'],
];
const SCENES = ['会场', '井口', '职工家中', '操作现场', '食堂', '颁奖时', '合影', '签到处', '问答环节', '检查途中'];
const TAILS = ['大家说，家里人也放心了。', '队里把好做法记进了班前会材料。', '下月还要到一线班组再办一场。', '工会主席当场答复，能办的马上办。', '职工们提出的意见已经登记，限期答复。'];

/** Characters that a text has: cut or filled up to this many. */
const TEXT_CHARS = 75;

/** Values of record `i` without its meta: strings, a number of booleans, five items under `pics/…`. */
export function record(i) {
  const d = dice(0x11a9c51 + i * 2654435761);
  const [event, doing] = d.one(EVENTS);
  const [place, team, name] = [d.one(PLACES), d.one(TEAMS), d.one(NAMES)];
  const [month, day, people] = [1 + d.below(12), 1 + d.below(28), 12 + d.below(300)];
  const date = `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const values = {
    column: d.one(COLUMNS),
    title: `${place}工会“${event}”走进${team}`,
    subtitle: `${people} 名职工参加，第 ${1 + d.below(9)} 期`,
    text: text(d, `${month} 月 ${day} 日，${place}工会在${team}${doing}，${people} 人到场。${name}代表班组发言，`),
    summary: `${place}${team}开展${event}，${people} 人参加。`,
    author: d.one(NAMES),
    source: `${place}工会`,
    photographer: d.one(NAMES),
    audience: d.one(['public', 'members', 'unit:LB02']),
    pinned: d.below(20) === 0,
    expires: `2027-${date.slice(5)}`,
    confirm: d.below(5) === 0,
    confirm_by: date,
    honour_name: d.one(['工人先锋号', '模范职工小家', '安全示范班组', '五一巾帼标兵岗']),
    honour_level: d.one(['company', 'group', 'city', 'province']),
    honour_by: `${d.one(PLACES)}工会委员会`,
    honour_doc_no: `岭北工〔2026〕${1 + d.below(300)}号`,
  };
  for (let n = 1; n <= 5; n++) values[`pics/${n}`] = `${team}${d.one(SCENES)}，${d.one(NAMES)}在${d.one(SCENES)}`;
  return values;
}

/** The four values that the first change writes once (domain::crdt::META_KEYS). `born` is UTC ms. */
export function meta(owner, unit, born) {
  return { '@kind': 'news.draft', '@owner': owner, '@unit': unit, '@born': born };
}

function text(d, start) {
  let out = start;
  while ([...out].length < TEXT_CHARS) out += d.one(TAILS);
  return [...out].slice(0, TEXT_CHARS).join('');
}

/** Fields that merge letter by letter; every other string is written whole. */
export const TEXTS = ['text'];

/** The edit of "changed": somebody mends the title and adds a word to the text. */
export function mended(i) {
  return { title: `（更正）${record(i).title}`.slice(0, 60), more: '特此更正。' };
}

/** UUID (version 4 form) of record `i` in run `run`. */
export function recordId(i, run) {
  const id = dice(0x5eed + i * 40503 + run * 7919).bytes(16);
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}
