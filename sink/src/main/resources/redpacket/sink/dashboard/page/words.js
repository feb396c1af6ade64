// The texts of the page in both languages, and the formats of numbers, money and times.

const WORDS = {
  en: {
    title: "Red packets",
    search: "Look up a packet",
    footer: "Exact counters, read from committed results.",
    live: "Live",
    connecting: "Connecting …",
    partly: "Partly live",
    troubled: "Not live",
    lost: "Connection lost",
    noPacketLookups: "Packets cannot be looked up: the read model is unavailable. Counters and charts are live.",
    noLiveData: "No live data at the moment; trying again … {n}",
    lostSince: "The sink does not answer. This page shows the data of {n} and reconnects automatically.",
    notReached: "The sink does not answer. This page connects as soon as it does.",
    notAnswered: "No answer at the moment. Please try again.",
    tryingAgain: "No answer at the moment; trying again …",
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
    noRecentData: "no recent data",
    upToDate: "up to date",
    records: "records behind",
    lastMinutes: "last 3 minutes",
    lastDay: "last 24 hours",
    activity: "Activity",
    outcomes: "Outcomes",
    answers: "{n} answers",
    hottest: "Hottest packets",
    latestAwards: "Latest awards",
    perSecond: "{n}/s",
    noPackets: "No grabs yet.",
    noAwards: "No awards yet.",
    AWARDED: "awarded",
    ALREADY_GRABBED: "already grabbed",
    SOLD_OUT: "sold out",
    EXPIRED: "too late",
    UNKNOWN_PACKET: "unknown packet",
    NOT_STARTED: "not started yet",
    NOT_ELIGIBLE: "not eligible",
    CANCELLED: "cancelled",
    repeats: "repeated",
    opened: "open",
    "sold-out": "sold out",
    expired: "expired",
    cancelled: "cancelled",
    back: "Overview",
    sender: "Sender",
    campaign: "Campaign",
    total: "Total",
    split: "Split",
    RANDOM: "random",
    EQUAL: "equal",
    PRIZES: "prizes",
    packetTitle: "Title",
    prizes: "Prizes",
    blank: "blank",
    bounds: "Share",
    atLeast: "at least {n}",
    atMost: "at most {n}",
    between: "{n} to {m}",
    onlyUsers: "For",
    users: "{n} users only",
    startsAt: "Starts",
    openedAt: "Opened",
    deadline: "Deadline",
    closedAt: "Closed",
    commitment: "Commitment",
    seed: "Seed",
    secretUntilClosed: "secret until the packet is closed",
    progress: "{n} of {m} shares awarded",
    left: "{n} left",
    refundedToSender: "{n} refunded",
    luckiest: "Luckiest",
    luckiestSoFar: "Luckiest so far",
    winners: "Winners",
    fairness: "Provably fair",
    share: "Share",
    user: "User",
    amount: "Amount",
    after: "After",
    more: "Show more ({n} left)",
    noWinnersYet: "No winners yet.",
    noWinners: "No share was awarded.",
    notFound: "Unknown packet: it was never opened, or it has been forgotten.",
    failed: "The request failed: {n}",
    incomplete: "The read model lacks awards of this packet and must be rebuilt.",
    verify: "Verify",
    verifyWhat:
      "Recompute every share in this browser, from the seed that was revealed when the packet closed. " +
      "The seed fixed all shares before the first grab.",
    verifyLater: "The seed is revealed when the packet closes. Then anyone can verify every share.",
    verifying: "Verifying … {n}",
    verified: "Verified: nothing was tampered with",
    partlyVerified: "Right as far as this page can verify",
    tampered: "Verification failed",
    insecure: "Browsers allow cryptography only on pages from https or from this machine.",
    commitmentGood: "The seed matches the commitment that was published when the packet opened.",
    commitmentBad: "The seed does not match the commitment that was published when the packet opened.",
    sharesGood: "All {n} awards are the shares that the seed fixed.",
    sharesNone: "No share was awarded.",
    sharesBad: "These shares are not those that the seed fixed: {which}",
    usersGood: "No user has more than one share.",
    usersBad: "These users have more than one share: {which}",
    splitGood: "This page does not know this split. ./redpacket audit verifies its shares.",
    moneyGood: "Awards and refund add up to exactly {n}.",
    moneyBad: "Awards and refund add up to {n} instead of {m}.",
    luckiestGood: "The luckiest winner has the largest share.",
    luckiestNone: "There is no luckiest winner.",
    luckiestBad: "The luckiest winner is wrong. The largest share belongs to: {which}",
    shouldBe: "should be {n}",
    milliseconds: "{n}\u00a0ms",
    seconds: "{n}\u00a0s",
    minutes: "{n}\u00a0min",
    hours: "{n}\u00a0h",
  },
  zh: {
    title: "红包",
    search: "查找红包",
    footer: "计数精确，数据来自已提交的结果。",
    live: "实时",
    connecting: "连接中…",
    partly: "部分可用",
    troubled: "暂无实时数据",
    lost: "连接已断开",
    noPacketLookups: "暂时无法查询红包：读模型不可用。计数和图表仍在实时更新。",
    noLiveData: "暂时没有实时数据，正在重试… {n}",
    lostSince: "服务端没有响应。页面显示的是 {n} 的数据，恢复后会自动重连。",
    notReached: "服务端没有响应，恢复后会自动连接。",
    notAnswered: "暂时没有响应，请稍后再试。",
    tryingAgain: "暂时没有响应，正在重试…",
    otherLanguage: "English",
    otherLocale: "en",
    light: "浅色",
    dark: "深色",
    grabsPerSecond: "每秒抢红包次数",
    awardsPerSecond: "每秒抢到份数",
    awarded: "已发放",
    refunded: "已退回",
    latency: "结果延迟 p50",
    lag: "积压",
    peak: "峰值 {n}",
    shares: "{n} 份",
    packetsExpired: "{n} 个红包已过期",
    "of-grabs": "抢红包",
    "of-awarded": "抢到",
    p99: "p99 {n}",
    noRecentData: "近期无数据",
    upToDate: "已同步",
    records: "条待处理",
    lastMinutes: "最近 3 分钟",
    lastDay: "最近 24 小时",
    activity: "抢红包实况",
    outcomes: "结果分布",
    answers: "共 {n} 次",
    hottest: "热门红包",
    latestAwards: "最新领取",
    perSecond: "{n}/秒",
    noPackets: "还没有人抢红包。",
    noAwards: "还没有人抢到。",
    AWARDED: "抢到",
    ALREADY_GRABBED: "已抢过",
    SOLD_OUT: "已抢光",
    EXPIRED: "已过期",
    UNKNOWN_PACKET: "红包不存在",
    NOT_STARTED: "尚未开始",
    NOT_ELIGIBLE: "无资格",
    CANCELLED: "已取消",
    repeats: "重复请求",
    opened: "进行中",
    "sold-out": "已抢光",
    expired: "已过期",
    cancelled: "已取消",
    back: "总览",
    sender: "发送人",
    campaign: "活动",
    total: "总额",
    split: "类型",
    RANDOM: "拼手气红包",
    EQUAL: "普通红包",
    PRIZES: "奖品红包",
    packetTitle: "标题",
    prizes: "奖品",
    blank: "空奖",
    bounds: "每份",
    atLeast: "至少 {n}",
    atMost: "至多 {n}",
    between: "{n} 至 {m}",
    onlyUsers: "对象",
    users: "仅限 {n} 位用户",
    startsAt: "开始",
    openedAt: "发出",
    deadline: "截止",
    closedAt: "结束",
    commitment: "承诺值",
    seed: "随机种子",
    secretUntilClosed: "红包结束前保密",
    progress: "已领取 {n}/{m} 份",
    left: "剩余 {n}",
    refundedToSender: "已退回 {n}",
    luckiest: "手气最佳",
    luckiestSoFar: "目前手气最佳",
    winners: "领取详情",
    fairness: "公平可验证",
    share: "序号",
    user: "用户",
    amount: "金额",
    after: "用时",
    more: "显示更多（还有 {n} 份）",
    noWinnersYet: "还没有人抢到。",
    noWinners: "没有人抢到。",
    notFound: "找不到这个红包：可能从未发出，或记录已过期删除。",
    failed: "请求失败：{n}",
    incomplete: "读模型缺少此红包的部分领取记录，需要重建。",
    verify: "验证",
    verifyWhat:
      "每一份的金额在开抢之前就已由种子确定。" +
      "用红包结束时公开的种子，在本浏览器中重新计算并核对。",
    verifyLater: "红包结束后会公开种子，届时人人都可以逐份验证。",
    verifying: "验证中… {n}",
    verified: "验证通过，未被篡改",
    partlyVerified: "本页能验证的部分均正确",
    tampered: "验证未通过",
    insecure: "浏览器只允许 https 页面或本机页面使用加密功能。",
    commitmentGood: "种子与发出红包时公布的承诺值一致。",
    commitmentBad: "种子与发出红包时公布的承诺值不一致。",
    sharesGood: "全部 {n} 份都与种子确定的金额一致。",
    sharesNone: "没有人领取。",
    sharesBad: "与种子确定的金额不一致：{which}",
    usersGood: "每人最多领取一份。",
    usersBad: "以下用户领取了不止一份：{which}",
    splitGood: "本页不认识这种拆分方式，请用 ./redpacket audit 验证各份金额。",
    moneyGood: "发放与退回合计 {n}，分毫不差。",
    moneyBad: "发放与退回合计 {n}，应为 {m}。",
    luckiestGood: "手气最佳确实是金额最大的人。",
    luckiestNone: "没有手气最佳。",
    luckiestBad: "手气最佳有误，金额最大的人是：{which}",
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

/** Returns the text in the current language, with the placeholders in braces replaced by values. */
export function word(key, values = {}) {
  return (WORDS[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value) {
  return value.toLocaleString(locale(), {maximumFractionDigits: 0});
}

/** Small rates have one decimal, large rates have none. */
export function rate(value) {
  return value.toLocaleString(locale(), {maximumFractionDigits: value < 9.95 ? 1 : 0});
}

/**
 * Cents as whole units, as yuan if no other currency is named. Exact for every number that JSON holds exactly.
 */
export function money(cents, currency) {
  const fen = String(cents % 100).padStart(2, "0");
  return inCurrency(`${number(Math.floor(cents / 100))}.${fen}`, currency);
}

function inCurrency(amount, currency) {
  return currency == null || currency === "CNY" ? `¥${amount}` : `${amount}\u00a0${currency}`;
}

/** Money for a headline: exact below a million yuan, rounded down and shortened from there. */
export function shortMoney(cents, currency) {
  if (cents < 100_000_000) return money(cents, currency);
  const yuan = Math.floor(cents / 100);
  const format = {notation: "compact", maximumFractionDigits: 2, roundingMode: "floor"};
  return inCurrency(yuan.toLocaleString(locale(), format), currency);
}

export function duration(millis) {
  if (millis < 1_000) return word("milliseconds", {n: number(millis)});
  if (millis < 100_000) {
    return word("seconds", {n: (millis / 1_000).toLocaleString(locale(), {maximumFractionDigits: 2})});
  }
  if (millis < 7_200_000) return word("minutes", {n: number(Math.round(millis / 60_000))});
  return word("hours", {n: number(Math.round(millis / 3_600_000))});
}

export function clock(millis) {
  return new Date(millis).toLocaleTimeString(locale(), {hour12: false});
}

export function dateAndTime(millis) {
  return new Date(millis).toLocaleString(locale(), {dateStyle: "medium", timeStyle: "medium", hour12: false});
}
