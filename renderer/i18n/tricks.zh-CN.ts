export const tricksZhCN = {
  disguised: "「{{file}}」伪装成文档，其实是程序。",
  archive: "「{{file}}」里有程序：{{inside}}。",
  program: "「{{file}}」是程序。",
  macros: "「{{file}}」打开时可能运行宏。",
  unvouched: "无人能证明发件人的地址：{{domain}} 的邮件都有签名，这封没有。",
  "unvouched-altered": "无人能证明发件人的地址：{{domain}} 的邮件都有签名，而这封的签名对不上。",
  "name-is-address": "发件人的名称写着 {{shown}}，实际地址是 {{real}}。",
  "known-name": "您认识的 {{name}} 用的是 {{known}}，这封来自 {{real}}。",
  "look-alike": "{{shown}} 只是看起来像 {{looks}}，其中有形近的字母。",
  "reply-elsewhere": "回信会寄到 {{real}}，不是发件人的域名。",
  "link-elsewhere": "有链接写着 {{shown}}，实际指向 {{real}}。",
};
