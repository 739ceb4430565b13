//! The storm: random customers, faults, cuts of power; then all faults end, time passes, and bank and
//! journal are compared. Under virtual time. `PAYDESK_SEEDS` says how many, `PAYDESK_SEED` where they begin.

use acceptance::line::PowerCut;
use acceptance::rng::Rng;
use acceptance::wallets::Wallets;
use domain::ids::OperationId;
use simulator::faults::Plan;
use simulator::pockyt::faults;
use std::time::Duration;
use till::api::Command;

/// Long enough for every unpaid transaction to close and for every question to be asked again.
const CALM_S: u64 = 2_400;

#[test]
fn bank_and_journal_agree_after_the_storm() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (from, seeds) = (number("PAYDESK_SEED").unwrap_or(1), number("PAYDESK_SEEDS").unwrap_or(100));
    let (mut failed, mut payments) = (Vec::new(), 0);
    for seed in from..from + seeds {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let (paid, wrong) = runtime.block_on(storm(seed));
        payments += paid;
        if !wrong.is_empty() {
            failed.push(format!("seed {seed}:\n  {}", wrong.join("\n  ")));
        }
    }
    println!("{seeds} seeds from {from}: {payments} payments of the bank");
    assert!(failed.is_empty(), "{} storms went wrong\n{}", failed.len(), failed.join("\n"));
    // A storm that never does anything proves nothing.
    assert!(payments as u64 >= seeds, "the storm was too calm");
}

async fn storm(seed: u64) -> (usize, Vec<String>) {
    let mut rng = Rng::new(seed);
    let more = if rng.below(2) == 0 { "notifications = true\n" } else { "" };
    let mut shop = Wallets::open(seed, more).await;
    shop.gateway.turn(|knobs| {
        (knobs.ipn_twice, knobs.ipn_reordered, knobs.ipn_forged) =
            (true, seed.is_multiple_of(3), seed.is_multiple_of(5));
    });
    let plan = Plan::choosing(seed, 50 + rng.below(250), faults());
    shop.gateway.suffer(plan.clone());
    let mut begun: Vec<OperationId> = Vec::new();
    for _ in 0..4 + rng.below(8) {
        if rng.below(4) == 0 {
            let when = [PowerCut::BeforeTheRequest, PowerCut::AfterTheAnswer];
            shop.world
                .wires
                .order_cut(i64::try_from(rng.below(8)).unwrap(), when[usize::from(rng.below(2) == 1)]);
        }
        act(&mut shop, &mut rng, &mut begun).await;
        let wait = Duration::from_secs(1 + rng.below(90));
        let power = shop.world.wires.power.clone();
        let cut = tokio::time::timeout(wait, power.notified()).await.is_ok();
        if cut || rng.below(12) == 0 {
            shop.world.restart().await;
        }
    }
    plan.heal();
    shop.world.wires.cancel_cut();
    let power = shop.world.wires.power.clone();
    if tokio::time::timeout(Duration::from_millis(1), power.notified()).await.is_ok() {
        shop.world.restart().await;
    }
    shop.world.pass(CALM_S).await;
    (shop.world.bank.transactions().len(), shop.differences(true).await)
}

async fn act(shop: &mut Wallets, rng: &mut Rng, begun: &mut Vec<OperationId>) {
    let older = begun.get(usize::try_from(rng.below(64)).unwrap() % begun.len().max(1)).copied();
    let minor = 1_00 + i64::try_from(rng.below(50_00)).unwrap();
    // What is refused is refused: the next one goes on.
    let began = match (rng.below(10), older) {
        (0, Some(payment)) => shop.refund(minor.min(5_00), payment).await.ok(),
        (1, Some(payment)) => shop.reverse(payment).await.ok(),
        (2, Some(payment)) => {
            let _ = shop.world.dispatch(Command::Abort { payment }).await;
            None
        }
        (3, _) => shop.pay(minor, None).await.ok(),
        (_, _) => {
            let code = shop.code(rng.below(100));
            shop.pay(minor, Some(code)).await.ok()
        }
    };
    begun.extend(began);
}
