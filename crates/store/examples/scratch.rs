//! scratch
#[path = "../tests/store/samples.rs"]
#[allow(dead_code)]
mod samples;
use samples::*;
use domain::{journal::Fact, payment::*, ids::Reference, operation::Step};
use std::time::*;
use store::*;
fn main() {
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    rt.block_on(async {
        let (s, _) = Store::open(Opening { folder: None, till: "T1".into(), mode: Mode::Inline }, &seed(1)).unwrap();
        let mut t = [Duration::ZERO; 5];
        for n in 0..3000u16 {
            let about = |fact| Record::new(at(i64::from(n)), Fact::Payment { operation: operation(n).id, fact });
            let a = about(PaymentFact::Intended { operation: Box::new(operation(n)) });
            let b = about(PaymentFact::ReferenceReserved { reference: Reference(format!("{n}")), step: Step::First, session: None });
            let c = about(PaymentFact::Settled { closing: closing(), outcome: Some(Box::new(approval())) });
            let x = Instant::now(); let body = a.fact.body(); t[0] += x.elapsed();
            let p = Payment::intended(operation(n), at(1));
            let x = Instant::now(); let j = serde_json::to_string(&p).unwrap(); t[1] += x.elapsed();
            if n == 0 { println!("{} {}", body.len(), j.len()); }
            for (k, r) in [a, b, c].into_iter().enumerate() { let x = Instant::now(); s.append(vec![r]).await.unwrap(); t[2 + k] += x.elapsed(); }
        }
        println!("body {:?} json {:?} intended {:?} reserved {:?} settled {:?}", t[0]/3000, t[1]/3000, t[2]/3000, t[3]/3000, t[4]/3000);
    });
}
