export const vouchingZhCN = {
  label: "真实身份",
  signed: "由 {{domain}} 签名",
  path: "由 {{domain}} 的服务器发出",
  forwarded: "转发之前由 {{domain}} 签名",
  forwardedThrough: "经 {{through}} 转发，之前由 {{domain}} 签名",
  unvouched: "无人能证明发件人的地址",
  here: "已在本机核实。",
  byServer: "由您的服务器 {{server}} 核实。",
  unknown: "未知",
  unknownWhy: "没有发现可疑之处。",
};
