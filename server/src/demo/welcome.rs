//! What the demo prints when it is ready: where it is, as whom one may sign in, and what does not work on a LAN.

use super::accounts::PEOPLE;
use crate::house::Data;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::io::{IsTerminal, stdout};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Prints it.
pub fn print(data: &Data, address: SocketAddr, took: Option<Duration>) {
    let port = address.port();
    let lan = lan_addresses(address.ip(), port);
    println!("\n连心桥演示 · 岭北能源有限公司工会（虚构）· Lianxin demo, an invented company");
    if let Some(took) = took {
        println!(
            "花名册 6,800 人和演示人员 15 人已导入，用时 {:.1} 秒 / 6,815 people imported",
            took.as_secs_f32()
        );
    }
    println!("\n  本机 this machine   http://localhost:{port}");
    lan.iter().for_each(|url| println!("  手机 same network   {url}"));
    if let Some(url) = lan.first() {
        println!("\n{}", qr(url));
    }
    println!("{}", accounts());
    println!("{}", lan_words(port));
    println!("数据在 data   {}", data.dir().display());
    println!("重新开始 start anew   lianxin demo --reset        停止 stop   Ctrl-C\n");
}

/// Addresses under which phones in the same network may reach us; the likeliest first.
fn lan_addresses(bound: IpAddr, port: u16) -> Vec<String> {
    if !bound.is_unspecified() {
        return if bound.is_loopback() { vec![] } else { vec![format!("http://{bound}:{port}")] };
    }
    let faces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut found: Vec<(u8, IpAddr)> = faces
        .iter()
        .filter_map(|face| match face.ip() {
            IpAddr::V4(v4) if !v4.is_loopback() && !v4.is_link_local() => {
                Some((likelihood(&face.name), v4.into()))
            }
            _ => None,
        })
        .collect();
    found.sort();
    found.iter().map(|(_, ip)| format!("http://{ip}:{port}")).take(3).collect()
}

/// Bridges of containers and virtual machines come last.
fn likelihood(interface: &str) -> u8 {
    let inner = ["docker", "br-", "veth", "virbr", "vmnet", "lxc"];
    u8::from(inner.iter().any(|start| interface.starts_with(start)))
}

/// Black on white whatever the terminal's colours are: cameras need it so.
fn qr(url: &str) -> String {
    let Ok(code) = QrCode::new(url) else { return String::new() };
    let plain = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    if !stdout().is_terminal() {
        return plain;
    }
    let painted = code.render::<Dense1x2>().build();
    painted.lines().map(|line| format!("  \x1b[38;5;16;48;5;231m{line}\x1b[0m\n")).collect()
}

fn accounts() -> String {
    let mut out = String::from("  工号      密码           姓名      职务\n");
    for person in &PEOPLE {
        let account = person.account();
        let pad = " ".repeat(10 - 2 * account.name.chars().count());
        out.push_str(&format!(
            "  {}   {:<13}  {}{pad}{}\n",
            account.no, account.password, account.name, account.post
        ));
    }
    out.push_str(
        "  首次登录后自己设一个 PIN（6 位以上数字），有职务的人设口令（10 个字符以上）或用指纹、面容\n\
         \x20 After the first sign-in choose a PIN of your own; people with a post a passphrase, finger or face\n",
    );
    out
}

/// Said plainly, because it looks like a fault otherwise.
fn lan_words(port: u16) -> String {
    format!(
        "离线安装（添加到桌面、没网也能打开）只在 https 或 http://localhost 下可用，这是浏览器的规定。\n\
         手机用上面的局域网地址时：页面打开着就能离线填写，但关掉后要有网络才能再打开，内容也不留在手机上。要在手机上试离线安装，\n\
         可在安卓 Chrome 打开 chrome://flags/#unsafely-treat-insecure-origin-as-secure，填入手机地址后重启浏览器；\n\
         或用数据线连接电脑，在 chrome://inspect 设置端口转发 {port}，手机打开 http://localhost:{port}。\n\
         Offline install needs https or localhost (a rule of browsers). On a LAN address an open page works offline\n\
         but does not open again without a network, and nothing is kept on the phone. To try it on a phone: the Chrome flag above, or USB port forwarding.\n\
         自带证书的 --tls 还没有 / --tls with a certificate of its own does not exist yet.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_has_its_white_border_and_the_table_all_accounts() {
        let code = qr("http://192.168.1.20:8080");
        assert!(
            code.lines().count() > 12 && code.lines().next().unwrap().chars().all(|c| c == '█'),
            "{code}"
        );
        let table = accounts();
        PEOPLE.iter().for_each(|person| assert!(table.contains(person.password), "{table}"));
    }

    #[test]
    fn a_demo_on_localhost_names_no_other_address() {
        assert!(lan_addresses("127.0.0.1".parse().unwrap(), 1).is_empty());
        assert_eq!(lan_addresses("10.1.2.3".parse().unwrap(), 8080), ["http://10.1.2.3:8080"]);
    }
}
