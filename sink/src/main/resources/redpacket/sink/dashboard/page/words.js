// The two languages of the page, and how each writes numbers, money and time.

const WORDS = {
  en: {
    title: "Red packets",
    search: "Look up a packet",
    footer: "Exact counters, read from committed results.",
    live: "Live",
    connecting: "Connecting …",
    partly: "Live in part",
    troubled: "Not live",
    lost: "Connection lost",
    notLookedUp: "Packets cannot be looked up at the moment: the read model does not answer. Counters and charts go on.",
    cannotFollow: "The sink cannot follow Kafka at the moment, and tries again: {n}",
    lostSince: "The sink does not answer. This page shows what was at {n}, and connects again by itself.",
    notReached: "The sink does not answer. This page connects by itself as soon as it does.",
    notAnswered: "No answer at the moment. Please try again.",
    askedAgain: "No answer at the moment; trying again …",
    otherLanguage: "中文",
    otherLocale: "zh-CN",
    light: "Light",
    dark: "Dark",
    grabsPerSecond: "Grabs per second",
    awardsPerSecond: "Awards per second",
    awarded: "Awarded",
    refunded: "Refunded",
    latency: "Grab to award, p50",
    lag: "Lag",
    peak: "peak {n}",
    shares: "{n} shares",
    packetsExpired: "{n} expired",
    "of-grabs": "grabs",
    "of-awarded": "awards",
    p99: "p99 {n}",
    nothingLately: "nothing lately",
    upToDate: "up to date",
    records: "records to go",
    lastMinutes: "the last 3 minutes",
    lastDay: "24 hours",
    rush: "The rush",
    outcomes: "Outcomes",
    answers: "{n} answers",
    hottest: "Hottest packets",
    lastAwards: "Last awards",
    perSecond: "{n}/s",
    noPackets: "Nobody has grabbed anything yet.",
    noAwards: "No award yet.",
    AWARDED: "awarded",
    ALREADY_GRABBED: "already grabbed",
    SOLD_OUT: "sold out",
    EXPIRED: "too late",
    UNKNOWN_PACKET: "unknown packet",
    repeats: "told again",
    opened: "open",
    "sold-out": "sold out",
    expired: "expired",
    back: "Overview",
    sender: "Sender",
    campaign: "Campaign",
    total: "Total",
    split: "Split",
    RANDOM: "random",
    EQUAL: "equal",
    openedAt: "Opened",
    deadline: "Deadline",
    closedAt: "Closed",
    commitment: "Commitment",
    seed: "Seed",
    secretUntilClosed: "secret until the packet is closed",
    given: "{n} of {m} shares given",
    left: "{n} left",
    backToSender: "{n} back to the sender",
    luckiest: "Luckiest",
    luckiestSoFar: "Luckiest so far",
    whoGotWhat: "Who got what",
    fairness: "Provably fair",
    share: "Share",
    user: "User",
    amount: "Amount",
    after: "After",
    more: "Show more ({n} to go)",
    nobodyYet: "Nobody has won a share yet.",
    nobody: "Nobody won a share.",
    notFound: "This packet is not known: it was never opened, or is forgotten.",
    failed: "That did not work: {n}",
    incomplete: "Some awards are missing in this view; it has to be rebuilt.",
    verify: "Verify",
    verifyWhat:
      "Recompute in this browser, from the seed that was revealed at closing, what every share had to be before anyone grabbed.",
    verifyLater: "Once the packet is closed its seed is revealed, and everyone can verify every share.",
    verifying: "Verifying … {n}",
    verified: "Nothing was tampered with",
    tampered: "This is not as it was promised",
    insecure: "The browser lends its cryptography only to pages from https or this machine.",
    commitmentGood: "The seed is the one that was committed to when the packet opened.",
    commitmentBad: "The seed is not the one that was committed to when the packet opened.",
    sharesGood: "All {n} awards are the shares that the seed had fixed.",
    sharesNone: "No share was awarded.",
    sharesBad: "Not the shares that the seed had fixed: {which}",
    usersGood: "Nobody has more than one share.",
    usersBad: "Somebody has more than one share: {which}",
    moneyGood: "Awarded and refunded add up to {n}, to the cent.",
    moneyBad: "Awarded and refunded add up to {n}, not to {m}.",
    luckiestGood: "The luckiest is who has the largest share.",
    luckiestNone: "Nobody is called the luckiest.",
    luckiestBad: "The luckiest is not who has the largest share: that is {which}.",
    shouldBe: "should be {n}",
    milliseconds: "{n}\u00a0ms",
    seconds: "{n}\u00a0s",
    minutes: "{n}\u00a0min",
    hours: "{n}\u00a0h",
  },
  zh: {
    title: "红包",
    search: "查找红包",
    footer: "精确计数，取自已提交的结果。",
    live: "实时",
    connecting: "连接中…",
    partly: "部分可用",
    troubled: "已暂停",
    lost: "连接已断开",
    notLookedUp: "暂时查不到红包：读模型没有响应。计数和图表仍在更新。",
    cannotFollow: "服务端暂时读不到 Kafka，正在重试：{n}",
    lostSince: "服务端没有响应。页面显示的是 {n} 的数据，恢复后会自动重连。",
    notReached: "服务端没有响应，恢复后会自动连接。",
    notAnswered: "暂时没有响应，请稍后再试。",
    askedAgain: "暂时没有响应，正在重试…",
    otherLanguage: "English",
    otherLocale: "en",
    light: "浅色",
    dark: "深色",
    grabsPerSecond: "每秒抢红包次数",
    awardsPerSecond: "每秒抢到份数",
    awarded: "已发放",
    refunded: "已退回",
    latency: "出结果耗时 p50",
    lag: "积压",
    peak: "峰值 {n}",
    shares: "{n} 份",
    packetsExpired: "{n} 个红包过期",
    "of-grabs": "抢",
    "of-awarded": "抢到",
    p99: "p99 {n}",
    nothingLately: "近期无数据",
    upToDate: "已同步",
    records: "条待处理",
    lastMinutes: "最近 3 分钟",
    lastDay: "24 小时",
    rush: "抢红包实况",
    outcomes: "结果分布",
    answers: "共 {n} 次",
    hottest: "热门红包",
    lastAwards: "最新领取",
    perSecond: "{n}/秒",
    noPackets: "还没有人抢红包。",
    noAwards: "还没有人抢到。",
    AWARDED: "抢到",
    ALREADY_GRABBED: "已抢过",
    SOLD_OUT: "已抢光",
    EXPIRED: "已过期",
    UNKNOWN_PACKET: "红包不存在",
    repeats: "重复请求",
    opened: "进行中",
    "sold-out": "已抢光",
    expired: "已过期",
    back: "总览",
    sender: "发送人",
    campaign: "活动",
    total: "总额",
    split: "类型",
    RANDOM: "拼手气红包",
    EQUAL: "普通红包",
    openedAt: "发出",
    deadline: "截止",
    closedAt: "结束",
    commitment: "承诺值",
    seed: "随机种子",
    secretUntilClosed: "红包结束前保密",
    given: "已领取 {n}/{m} 份",
    left: "剩余 {n}",
    backToSender: "退回 {n}",
    luckiest: "手气最佳",
    luckiestSoFar: "目前手气最佳",
    whoGotWhat: "领取详情",
    fairness: "公平可验证",
    share: "序号",
    user: "用户",
    amount: "金额",
    after: "用时",
    more: "显示更多（还有 {n} 份）",
    nobodyYet: "还没有人抢到。",
    nobody: "没有人抢到。",
    notFound: "找不到这个红包：可能从未发出，或者记录已过期删除。",
    failed: "操作失败：{n}",
    incomplete: "此视图缺少部分记录，需要重建。",
    verify: "验证",
    verifyWhat: "用结束时公开的种子，在本浏览器中重新计算每一份在开抢之前就已确定的金额。",
    verifyLater: "红包结束后公开种子，人人都可以逐份验证。",
    verifying: "验证中… {n}",
    verified: "验证通过，未被篡改",
    tampered: "与承诺不符",
    insecure: "浏览器只允许 https 或本机页面使用加密功能。",
    commitmentGood: "种子与发出红包时的承诺一致。",
    commitmentBad: "种子与发出红包时的承诺不一致。",
    sharesGood: "全部 {n} 份都与种子事先确定的金额一致。",
    sharesNone: "没有人领取。",
    sharesBad: "与种子事先确定的金额不一致：{which}",
    usersGood: "每人最多一份。",
    usersBad: "有人领了不止一份：{which}",
    moneyGood: "发放与退回合计 {n}，分毫不差。",
    moneyBad: "发放与退回合计 {n}，而应为 {m}。",
    luckiestGood: "手气最佳确实是金额最大的人。",
    luckiestNone: "没有手气最佳。",
    luckiestBad: "手气最佳不是金额最大的人，应为 {which}。",
    shouldBe: "应为 {n}",
    milliseconds: "{n}\u00a0毫秒",
    seconds: "{n}\u00a0秒",
    minutes: "{n}\u00a0分钟",
    hours: "{n}\u00a0小时",
  },
};

let language = initialLanguage();

function initialLanguage() {
  const chosen = localStorage.getItem("language") ?? navigator.language;
  return chosen.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
}

export function locale() {
  return language === "zh" ? "zh-CN" : "en-GB";
}

/** The word, with what stands in braces filled in. */
export function word(key, values = {}) {
  return (WORDS[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value) {
  return value.toLocaleString(locale(), {maximumFractionDigits: 0});
}

/** Small rates need a decimal, large ones do not. */
export function rate(value) {
  return value.toLocaleString(locale(), {maximumFractionDigits: value < 9.95 ? 1 : 0});
}

/** Cents as yuan; exact for all that a JSON number holds exactly. */
export function money(cents) {
  const fen = String(cents % 100).padStart(2, "0");
  return `¥${number(Math.floor(cents / 100))}.${fen}`;
}

/** Money for a headline: exact up to a million yuan, then rounded down to what can be read at a glance. */
export function shortMoney(cents) {
  if (cents < 100_000_000) return money(cents);
  const yuan = Math.floor(cents / 100);
  return `¥${yuan.toLocaleString(locale(), {notation: "compact", maximumFractionDigits: 2, roundingMode: "floor"})}`;
}

export function duration(millis) {
  if (millis < 1_000) return word("milliseconds", {n: number(millis)});
  if (millis < 100_000) return word("seconds", {n: (millis / 1_000).toLocaleString(locale(), {maximumFractionDigits: 2})});
  if (millis < 7_200_000) return word("minutes", {n: number(Math.round(millis / 60_000))});
  return word("hours", {n: number(Math.round(millis / 3_600_000))});
}

export function clock(millis) {
  return new Date(millis).toLocaleTimeString(locale(), {hour12: false});
}

export function dateAndTime(millis) {
  return new Date(millis).toLocaleString(locale(), {dateStyle: "medium", timeStyle: "medium", hour12: false});
}
