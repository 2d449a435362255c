/** Chinese for what the server refuses with, and for what its own check mended. */
import { type Sentences } from "../sentences.ts";

export const sentences: Sentences = {
  // Accounts, workspaces, people, keys.
  "Sign in to continue.": "请登录后继续。",
  "Enter a password.": "请输入密码。",
  "Enter an address like name@example.com.": "请输入形如 name@example.com 的地址。",
  "The e-mail address or the password is wrong.": "邮箱地址或密码不正确。",
  "The password must have {} characters or more.": "密码至少需要 $1 个字符。",
  "Too many wrong passwords for this address. Try again in a few minutes.":
    "此地址的密码错误次数过多，请几分钟后再试。",
  "Too many attempts. Try again in {} s.": "尝试次数过多，请 $1 秒后再试。",
  "There is an account with this e-mail address already. Sign in instead.":
    "此邮箱已有帐号，请直接登录。",
  "There is an account with this address, and nobody has verified it yet. Sign in with its password, and verify the address.":
    "此地址已有帐号，但尚未验证。请用其密码登录并验证地址。",
  "This installation has an owner, and sign-ups are closed. Ask them to let you in.":
    "此安装已有所有者且不开放注册。请联系所有者邀请你。",
  "This link was used, has expired or is not one of ours. Ask for a new one.":
    "此链接已使用、已过期或并非由我们发出。请重新申请。",
  "This installation sends no mail (SMTP_URL).": "此安装不发送邮件（SMTP_URL）。",
  "The provider vouches for no e-mail address of yours.": "登录服务没有确认你的邮箱地址。",
  "This is not the account's address.": "这不是该帐号的地址。",
  "There is no such session.": "该会话已不存在。",
  "This needs the role {}; yours is {}.": "你在此工作区的角色没有这个权限。",
  "There is no such workspace among yours.": "你没有这个工作区。",
  "This is not its name.": "这不是它的名称。",
  "You can be in {} workspaces at most.": "你最多可加入 $1 个工作区。",
  "You own this workspace. Transfer it to somebody else, or delete it.":
    "你是此工作区的所有者。请转让或删除它。",
  "Others are in workspaces that you own: {}. Transfer or delete them first.":
    "你拥有的工作区中还有其他人：$1。请先转让或删除。",
  "A workspace can have {} members.": "一个工作区最多 $1 名成员。",
  "The owner stays the owner until they transfer the workspace.":
    "所有者在转让工作区之前一直是所有者。",
  "Ask somebody else to change your role, or leave.": "自己的角色只能由他人更改。",
  "There is no such member.": "该成员已不存在。",
  "The token must be a nanoid of {} characters or more.": "令牌必须是至少 $1 个字符的 nanoid。",
  "A workspace can have {} invites.": "一个工作区最多 $1 个邀请。",
  "There is no such invite.": "该邀请已不存在。",
  "This invite was used, has expired or was revoked. Ask for a new one.":
    "此邀请已使用、已过期或已撤销。请索取新的邀请。",
  "The key must be {} and a nanoid of 32 characters or more.":
    "密钥必须是 $1 加至少 32 个字符的 nanoid。",
  "A workspace can have {} API keys.": "一个工作区最多 $1 个 API 密钥。",
  "There is no such API key.": "该 API 密钥已不存在。",
  // Machines, maintenance, status pages.
  "There is no such machine.": "该机器已不存在。",
  "A workspace can have {} machines.": "一个工作区最多 $1 台机器。",
  "This machine is {}. Restore it first.": "此机器已归档或删除，请先恢复。",
  "The secret must be a nanoid of {} characters or more (A–Z, a–z, 0–9, _ and -).":
    "密钥必须是至少 $1 个字符的 nanoid（A–Z、a–z、0–9、_ 和 -）。",
  "The machine id must be a nanoid of 21 characters (A–Z, a–z, 0–9, _ and -).":
    "机器标识必须是 21 个字符的 nanoid（A–Z、a–z、0–9、_ 和 -）。",
  "A machine with this id exists already. Make a new id and secret and try again.":
    "已存在使用此标识的机器。请换新的标识和密钥再试。",
  "The overlap is from 0 to 24 hours.": "新旧令牌最多可并用 24 小时。",
  "The new secret must be a new one.": "新密钥不能与旧密钥相同。",
  "The offline threshold must be longer than the heartbeat interval.": "离线阈值必须长于心跳间隔。",
  "A machine cannot depend on itself.": "机器不能依赖自己。",
  "At most {} machines may depend on each other in a row.": "依赖链最多 $1 台机器。",
  "Name at most {} machines at once.": "一次最多 $1 台机器。",
  "A workspace can have {} enrolment keys.": "一个工作区最多 $1 个注册密钥。",
  "There is no such enrolment key.": "该注册密钥已不存在。",
  "A workspace can have {} windows.": "一个工作区最多 $1 个维护时段。",
  "There is no such maintenance window.": "该维护时段已不存在。",
  "Name at most {} machines; give them a tag instead.": "最多 $1 台机器；请改用标签。",
  "Name machines by their ids.": "请用标识指定机器。",
  "The window must end after it starts, at most a year later.":
    "维护时段必须在开始之后结束，最长一年。",
  "Its times must be milliseconds since 1970.": "开始和结束必须是有效时间。",
  "The time zone must be one like Europe/Vienna or UTC.": "时区必须形如 Europe/Vienna 或 UTC。",
  "Choose weekdays, 0 (Sunday) to 6.": "请选择星期。",
  "Choose each weekday once.": "每个星期几只选一次。",
  "It starts at a minute of the day, 0 to {}.": "开始时间必须在 0:00 到 23:59 之间。",
  "It must last from one minute to seven days.": "时长必须在一分钟到七天之间。",
  "A workspace can have {} status pages.": "一个工作区最多 $1 个状态页。",
  "A status page can show {} machines.": "一个状态页最多显示 $1 台机器。",
  "Name each machine once.": "每台机器只列一次。",
  "There is no such status page.": "该状态页已不存在。",
  "There is no such announcement.": "该公告已不存在。",
  "It must end after it starts.": "结束必须晚于开始。",
  "The address must be 3 to 40 of a–z, 0–9 and -, and neither begin nor end with -.":
    "地址须为 3 到 40 个字符（a–z、0–9 和 -），首尾不能是 -。",
  "This address is taken. Choose another.": "此地址已被占用，请换一个。",
  // Incidents, channels, quiet hours.
  "There is no such incident.": "该事件已不存在。",
  "Already acknowledged by {}.": "$1 已确认。",
  "The incident is over: the machine is back.": "事件已结束：机器已恢复。",
  "An incident can have {} notes.": "一个事件最多 $1 条备注。",
  "There is no such note.": "该备注已不存在。",
  "Only its author removes a note.": "备注只能由作者删除。",
  "There is no such channel.": "该渠道已不存在。",
  "A workspace can have {} channels.": "一个工作区最多 $1 个渠道。",
  "You can have {} channels of your own.": "你最多可有 $1 个个人渠道。",
  "Its members can have {} channels of their own.": "所有成员的个人渠道合计最多 $1 个。",
  "To must be your own address, {}, in a channel of your own.":
    "个人渠道只能发往你自己的地址：$1。",
  "Verify {} first, under Settings.": "请先在设置中验证 $1。",
  "There is no such delivery.": "该投递记录已不存在。",
  "Its channel was deleted.": "其渠道已删除。",
  "Only what failed or is uncertain is sent again.": "只有失败或不确定的消息才能重新发送。",
  "Quiet hours begin and end at a minute of the day, 0 to {}.":
    "免打扰的开始和结束必须在 0:00 到 23:59 之间。",
  "Quiet hours must not end when they begin.": "免打扰的开始和结束不能相同。",
  "Quiet hours need at least one weekday, 0 (Sunday) to 6.": "免打扰至少需要选择一天。",
  "Name each weekday of quiet hours once.": "免打扰的每个星期几只选一次。",
  // What a field holds; the field stands beside it.
  "{} must not contain control characters.": "不能包含控制字符。",
  "Use at most {} tags.": "最多 $1 个标签。",
  "{} must be a whole number from {} to {} milliseconds.": "时长过短或过长。",
  "{} must be a whole number from {} to {}.": "必须是 $2 到 $3 的整数。",
  "{} must be {} to {} characters long.": "长度必须为 $2 到 $3 个字符。",
  "{} is needed.": "此项必填。",
  "{} cannot be used.": "此值不可用。",
  "{} must not be empty.": "不能为空。",
  "{} must be at most {} characters.": "最多 $2 个字符。",
  "{} must be an http:// or https:// address.": "必须是 http:// 或 https:// 地址。",
  "{} must not contain a user name or password.": "不能包含用户名或密码。",
  "{} must be a public address: this one is private, loopback or reserved.":
    "必须是公网地址：此地址是私有或保留地址。",
  "{} must be an address.": "必须是一个地址。",
  "{} must be one to {} addresses, separated by commas.": "必须是 1 到 $2 个地址，用逗号分隔。",
  "{} must be lines like “Name: value”, at most {}.": "每行须形如“名称: 值”，最多 $2 行。",
  "{} must be like smtps://user:password@mail.example.com.":
    "须形如 smtps://user:password@mail.example.com。",
  "{} must be a bot's token, like 123456:ABC-DEF.": "必须是机器人令牌，形如 123456:ABC-DEF。",
  "{} must be base64 after {}.": "$2 之后必须是 base64。",
  "{} must be {} bytes in base64url.": "必须是 $2 字节的 base64url。",
  "{} must be JSON; put placeholders inside quotes.": "必须是 JSON；占位符须写在引号内。",
  // What the check mended.
  "it had no status": "没有状态",
  "it had no pulse": "没有心跳记录",
  "a message waited for none": "有消息在等待不存在的消息",
  "an incident was open that nobody had": "有一个不属于任何机器的未结事件",
  "its pulse and its status disagreed": "心跳记录与状态不一致",
  "it was online without a deadline": "在线却没有期限",
  "it was offline with a deadline": "离线却有期限",
  "it had an incident that was over": "带有已结束的事件",
  "it counted {} of {} online, there were {} of {}": "计数为 $2 台中 $1 台在线，实为 $4 台中 $3 台",
};
