// The two languages of the page, and how each writes numbers, money and time.

const WORDS = {
  en: {
    title: "Red packets",
    search: "Look up a packet",
    footer: "Exact counters, read from committed results.",
    live: "Live",
    connecting: "Connecting …",
    lost: "Connection lost",
    otherLanguage: "中文",
    light: "Light",
    dark: "Dark",
    grabsPerSecond: "Grabs per second",
    awardsPerSecond: "Awards per second",
    awarded: "Awarded",
    refunded: "Refunded",
    latency: "Grab to award",
    lag: "Lag of the views",
    peak: "peak {n}",
    shares: "{n} shares",
    packetsExpired: "{n} expired",
    "of-grabs": "grabs",
    "of-awarded": "awards",
    p99: "99 % within {n}",
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
    share: "Share",
    user: "User",
    amount: "Amount",
    after: "After",
    more: "Show more",
    nobody: "Nobody has won a share yet.",
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
    sharesBad: "Not the shares that the seed had fixed: {which}",
    usersGood: "Nobody has more than one share.",
    usersBad: "Somebody has more than one share: {which}",
    moneyGood: "Awarded and refunded add up to {n}, to the cent.",
    moneyBad: "Awarded and refunded add up to {n}, not to {m}.",
    luckiestGood: "The luckiest is who has the largest share.",
    luckiestBad: "The luckiest is not who has the largest share: that is {which}.",
    shouldBe: "should be {n}",
  },
  zh: {
    title: "红包",
    search: "查找红包",
    footer: "精确计数，取自已提交的结果。",
    live: "实时",
    connecting: "连接中…",
    lost: "连接已断开",
    otherLanguage: "English",
    light: "浅色",
    dark: "深色",
    grabsPerSecond: "每秒抢红包",
    awardsPerSecond: "每秒抢到",
    awarded: "已发放",
    refunded: "已退回",
    latency: "从抢到发",
    lag: "视图延迟",
    peak: "峰值 {n}",
    shares: "{n} 份",
    packetsExpired: "{n} 个红包过期",
    "of-grabs": "抢",
    "of-awarded": "抢到",
    p99: "99% 在 {n} 内",
    nothingLately: "近期无数据",
    upToDate: "已同步",
    records: "条待处理",
    lastMinutes: "最近 3 分钟",
    lastDay: "24 小时",
    rush: "抢红包实况",
    outcomes: "结果分布",
    answers: "{n} 次应答",
    hottest: "最热红包",
    lastAwards: "最新到账",
    perSecond: "{n}/秒",
    noPackets: "还没有人抢红包。",
    noAwards: "还没有人抢到。",
    AWARDED: "抢到",
    ALREADY_GRABBED: "已抢过",
    SOLD_OUT: "已抢光",
    EXPIRED: "已过期",
    UNKNOWN_PACKET: "未知红包",
    repeats: "重复告知",
    opened: "进行中",
    "sold-out": "已抢光",
    expired: "已过期",
    back: "总览",
    sender: "发红包的人",
    campaign: "活动",
    total: "总额",
    split: "分法",
    RANDOM: "拼手气",
    EQUAL: "普通",
    openedAt: "发出",
    deadline: "截止",
    closedAt: "结束",
    commitment: "承诺值",
    seed: "种子",
    secretUntilClosed: "红包结束前保密",
    given: "已领 {n}/{m} 份",
    left: "剩余 {n}",
    backToSender: "退回 {n}",
    luckiest: "手气最佳",
    share: "序号",
    user: "用户",
    amount: "金额",
    after: "用时",
    more: "显示更多",
    nobody: "还没有人抢到。",
    notFound: "没有这个红包：从未发出，或已被遗忘。",
    failed: "操作失败：{n}",
    incomplete: "此视图缺少部分记录，需要重建。",
    verify: "验证",
    verifyWhat: "用结束时公开的种子，在本浏览器中重新计算每一份在开抢之前就已确定的金额。",
    verifyLater: "红包结束后公开种子，人人都可以逐份验证。",
    verifying: "验证中… {n}",
    verified: "未被篡改",
    tampered: "与承诺不符",
    insecure: "浏览器只允许 https 或本机页面使用加密功能。",
    commitmentGood: "种子与发出红包时的承诺一致。",
    commitmentBad: "种子与发出红包时的承诺不一致。",
    sharesGood: "全部 {n} 份都与种子事先确定的金额一致。",
    sharesBad: "与种子事先确定的金额不一致：{which}",
    usersGood: "每人最多一份。",
    usersBad: "有人领了不止一份：{which}",
    moneyGood: "发放与退回合计 {n}，分毫不差。",
    moneyBad: "发放与退回合计 {n}，而应为 {m}。",
    luckiestGood: "手气最佳确实是金额最大的人。",
    luckiestBad: "手气最佳不是金额最大的人，应为 {which}。",
    shouldBe: "应为 {n}",
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
  if (millis < 1_000) return `${number(millis)} ms`;
  if (millis < 100_000) return `${(millis / 1_000).toLocaleString(locale(), {maximumFractionDigits: 2})} s`;
  if (millis < 7_200_000) return `${number(Math.round(millis / 60_000))} min`;
  return `${number(Math.round(millis / 3_600_000))} h`;
}

export function clock(millis) {
  return new Date(millis).toLocaleTimeString(locale(), {hour12: false});
}

export function dateAndTime(millis) {
  return new Date(millis).toLocaleString(locale(), {dateStyle: "medium", timeStyle: "medium", hour12: false});
}
