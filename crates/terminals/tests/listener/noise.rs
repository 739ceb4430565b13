//! Whatever bytes come, in whatever pieces: the listener neither falls nor forgets its next guest, and what
//! reaches an inbox is a body that somebody really sent.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use terminals::listener::ListenerLimits;
use tokio::io::AsyncWriteExt;

use super::shop::{PATHS, closed, post, shop};

/// Pieces of requests, right and wrong, and plain noise.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = proptest::sample::select(vec![
        "POST ",
        "GET ",
        "/EPASSaleToPOI/3.1",
        " HTTP/1.1\r\n",
        " HTTP/9.9\r\n",
        "Host: till\r\n",
        "Content-Length: 10\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Connection: close\r\n",
        "\r\n\r\n",
        "\r\n",
        "ffffffffffffffff\r\n",
        "0\r\n\r\n",
        "desk hello",
        "other hello",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]);
    prop_oneof![
        4 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => Just(post(PATHS[0], "desk hello").into_bytes()),
        2 => vec(any::<u8>(), 0..40),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_disturbs_nobody() {
    let mut shop = shop(ListenerLimits::default()).await;
    let handle = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 256, failure_persistence: None, ..Config::default() });
    let guests = vec(vec(piece(), 0..12), 1..4);
    let ran = tokio::task::block_in_place(|| {
        runner.run(&guests, |guests| {
            handle.block_on(async {
                for pieces in guests {
                    let mut stream = shop.connect().await;
                    for piece in pieces {
                        // It may have been thrown out already.
                        if stream.write_all(&piece).await.is_err() {
                            break;
                        }
                    }
                    let _gone = stream.shutdown().await;
                    closed(stream).await;
                }
                let reply = shop.posts("desk again").await;
                prop_assert_eq!(reply.short(), (200, "desk again!"));
                Ok(())
            })
        })
    });
    ran.unwrap();
    while let Ok(body) = shop.seen.try_recv() {
        assert!(body == "desk again" || body.starts_with("desk hello"), "{body:?}");
    }
}
