//! Folders as a till finds them.

use super::*;
use crate::clock::Clock;
use crate::random::Random;
use domain::ids::CommandId;
use jiff::tz::TimeZone;

fn practice() -> SetUp {
    SetUp {
        practice: true,
        shop: "Corner \"Shop\"".to_owned(),
        currency: "SEK".to_owned(),
        time_zone: "Europe/Stockholm".to_owned(),
        terminal: None,
    }
}

fn dispatch(command: Command) -> Dispatch {
    let random = Random::system(Clock::system(TimeZone::UTC));
    Dispatch::new(CommandId::of(&random.seed()), command)
}

async fn host(folder: &Path) -> Host {
    let host = Host::on(Some(folder.to_owned()), Options { auto_open: true, ..Options::default() });
    host.start().await;
    host
}

#[tokio::test]
async fn an_empty_folder_is_set_up_once() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("not/there/yet");
    let host = host(&folder).await;
    let Standing::Empty { currencies, drivers, .. } = host.standing().await else { panic!("not empty") };
    assert!(currencies.contains(&"SEK".to_owned()) && drivers.len() > 1);
    let problem = host.query(Query::Verify).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::NotSetUp);
    for (wanted, field) in [
        (SetUp { shop: " ".to_owned(), ..practice() }, "shop"),
        (SetUp { currency: "XXX".to_owned(), ..practice() }, "currency"),
        (SetUp { time_zone: "Nowhere".to_owned(), ..practice() }, "time_zone"),
    ] {
        let problem = host.dispatch(dispatch(Command::SetUp { wanted })).await.unwrap_err();
        assert_eq!((problem.code, problem.parameter("field")), (ProblemCode::FieldWrong, field));
        assert!(!folder.exists(), "nothing is written for {field}");
    }
    host.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap();
    assert_eq!(host.standing().await, Standing::Running);
    let view = host.till().await.unwrap().views().borrow().clone();
    assert_eq!((view.shop.name.as_str(), view.practice), ("Corner \"Shop\"", true));
    assert_eq!(view.terminals[0].driver, "training");
    let again = host.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap_err();
    assert_eq!(again.code, ProblemCode::AlreadySetUp);
    host.stop().await;
}

/// Its books are read and its folder is taken meanwhile.
#[tokio::test]
async fn a_till_begins_when_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let first = host(folder.path()).await;
    first.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap();
    first.stop().await;
    for allowed in [true, false] {
        let may_begin = watch::Sender::new(false);
        let options = Options { may_begin: Some(may_begin.subscribe()), ..Options::default() };
        let held = Host::on(Some(folder.path().to_owned()), options);
        let mut starting = std::pin::pin!(held.start());
        while crate::lock::FolderLock::take(folder.path()).is_ok() {
            tokio::select! {
                biased;
                () = &mut starting => panic!("it did not wait"),
                () = tokio::task::yield_now() => {}
            }
        }
        assert!(held.till.borrow().is_none());
        if allowed {
            may_begin.send_replace(true);
        }
        drop(may_begin);
        starting.await;
        match held.standing().await {
            Standing::Running => assert!(allowed),
            Standing::Broken { problem, .. } => {
                assert_eq!((problem.code, allowed), (ProblemCode::Stopping, false));
            }
            other @ (Standing::Starting | Standing::Empty { .. }) => panic!("{other:?}"),
        }
        held.stop().await;
    }
}

#[tokio::test]
async fn settings_that_are_gone_from_beside_a_journal_are_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let first = host(folder.path()).await;
    first.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap();
    first.stop().await;
    std::fs::remove_file(folder.path().join(crate::settings::FILE)).unwrap();
    let host = host(folder.path()).await;
    let Standing::Broken { problem, .. } = host.standing().await else { panic!("not broken") };
    assert_eq!(problem.code, ProblemCode::SettingsWrong);
    let refused = host.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::AlreadySetUp);
}

#[tokio::test]
async fn a_till_that_cannot_start_says_why_and_starts_once_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let first = host(folder.path()).await;
    first.dispatch(dispatch(Command::SetUp { wanted: practice() })).await.unwrap();
    let second = host(folder.path()).await;
    let Standing::Broken { problem, .. } = second.standing().await else { panic!("not broken") };
    assert_eq!(problem.code, ProblemCode::FolderInUse);
    let told = second.dispatch(dispatch(Command::StartAgain)).await.unwrap_err();
    assert_eq!(told.code, ProblemCode::FolderInUse);
    first.stop().await;
    second.dispatch(dispatch(Command::StartAgain)).await.unwrap();
    assert_eq!(second.standing().await, Standing::Running);
    second.stop().await;
}
