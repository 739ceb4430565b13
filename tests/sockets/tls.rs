//! A gateway behind TLS: one whose certificate is trusted is spoken to, any other gets not one byte of a
//! request. The certificates are made here, and trusted by the programs that are told so, alone.

use acceptance::program::{Ended, Program};
use acceptance::wallet_shop::{WalletShop, quick};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate for this name, as a server uses it, and as a file for whoever is to trust it.
pub fn certificate(name: &str, folder: &Path) -> (Arc<ServerConfig>, PathBuf) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let file = folder.join(format!("{name}.pem"));
    std::fs::write(&file, cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (Arc::new(config), file)
}

/// Takes TLS off and passes each request on; lives as long as the test program.
pub fn front(config: Arc<ServerConfig>, behind: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let config = Arc::clone(&config);
            // Whoever breaks off the handshake is not passed on.
            std::thread::spawn(move || pass_on(stream, config, behind).ok());
        }
    });
    address
}

fn pass_on(stream: TcpStream, config: Arc<ServerConfig>, behind: SocketAddr) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut till = StreamOwned::new(connection, stream);
    let request = message(&mut till)?;
    let mut gateway = TcpStream::connect(behind)?;
    gateway.write_all(&request)?;
    let reply = message(&mut gateway)?;
    till.write_all(&reply)?;
    till.conn.send_close_notify();
    till.flush()
}

/// One message with its body, by the length that it announces.
fn message(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        read.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&read).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    read.extend(body);
    Ok(read)
}

/// A payment by a program that trusts this certificate and no other; the system's own where none is named.
fn pay(shop: &WalletShop, trusted: Option<&Path>) -> Ended {
    let trust = trusted.map(|file| format!("SSL_CERT_FILE={}", file.display()));
    let runner: Vec<&str> = trust.iter().flat_map(|trust| ["env", trust.as_str()]).collect();
    let code = shop.code(0);
    let arguments = ["pay", "--terminal", "wallets", "--amount", "18.50", "--code", &code];
    Program::start(&runner, shop.folder.path(), &arguments).end()
}

#[test]
fn a_gateway_is_spoken_to_by_tls_where_its_certificate_is_trusted_and_not_otherwise() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let folder = tempfile::tempdir().unwrap();
    let (right, its_file) = certificate("localhost", folder.path());
    let (wrong, wrong_file) = certificate("gateway.example", folder.path());
    let at = |config| format!("https://localhost:{}", front(config, shop.address).port());

    let trusted = at(Arc::clone(&right));
    shop.reroute(&trusted, "");
    let refused = pay(&shop, None);
    assert_eq!(refused.code, Some(6), "nobody trusts it: {refused:#?}");
    let refused = pay(&shop, Some(&wrong_file));
    assert_eq!(refused.code, Some(6), "another one is trusted: {refused:#?}");
    shop.reroute(&at(wrong), "");
    let refused = pay(&shop, Some(&wrong_file));
    assert_eq!(refused.code, Some(6), "it is another name's: {refused:#?}");
    assert_eq!(shop.gateway.trace(), Vec::<String>::new(), "not one request came through");

    shop.reroute(&trusted, "");
    let paid = pay(&shop, Some(&its_file));
    assert_eq!((paid.code, shop.bank.balance("SEK")), (Some(0), 18_50), "{paid:#?}");
}

#[test]
fn plain_http_reaches_this_computer_only() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    shop.reroute("http://192.0.2.7", "");
    let ended = pay(&shop, None);
    assert!(ended.code != Some(0) && ended.words.contains("https"), "{ended:#?}");
    assert!(ended.of("intended").is_empty(), "nothing is begun: {ended:#?}");
}
