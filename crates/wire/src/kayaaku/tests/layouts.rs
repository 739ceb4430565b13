//! Requests byte for byte, as the dossier's tables order their members (sections 4.1 to 4.5, 5.2): the order
//! is what is signed.

use super::super::plain::{Payment, Refund, Request, SaleCompletion, Void, written};
use super::super::sealed::{Caller, Submit};

fn plain(request: &Request) -> String {
    let members = request.members("tst", "2026031400000042");
    written(members.iter().map(|(name, value)| (*name, value.as_str())))
}

fn of(text: &str) -> String {
    text.to_owned()
}

fn payment() -> Payment {
    Payment {
        method: of("01"),
        email: of("till07@example.my"),
        device: of("KP0001"),
        version: of("0.1.0"),
        id: of("T07-20260314-000123"),
        local_time: of("20260314093000"),
        amount: of("1850"),
        currency: of("458"),
        ..Payment::default()
    }
}

#[test]
fn a_payment_of_generation_1() {
    assert_eq!(
        plain(&Request::Payment(payment())),
        concat!(
            r#"{"MsgVer":"1","PmtType":"01","CallerDeviceType":"04","Email":"till07@example.my","#,
            r#""DeviceSN":"KP0001","CallerDeviceVer":"0.1.0","TxnID":"T07-20260314-000123","#,
            r#""LocalTxnDTTime":"20260314093000","AmtTxn":"1850","CrcyTxn":"458","#,
            r#""sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
    let full = Payment {
        mid: Some(of("000010000099999")),
        description: Some(of("two teas")),
        till: Some(of("LANE07")),
        acknowledgement: Some(false),
        ..payment()
    };
    assert_eq!(
        plain(&Request::Payment(full)),
        concat!(
            r#"{"MsgVer":"1","PmtType":"01","CallerDeviceType":"04","Email":"till07@example.my","#,
            r#""DeviceSN":"KP0001","CallerDeviceVer":"0.1.0","TxnID":"T07-20260314-000123","#,
            r#""LocalTxnDTTime":"20260314093000","AmtTxn":"1850","CrcyTxn":"458","#,
            r#""MID":"000010000099999","Description":"two teas","CallerDeviceId":"LANE07","#,
            r#""OptInPmtAckmnt":"N","sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
}

#[test]
fn a_void_of_generation_1() {
    let void = Void {
        id: of("T07-20260314-000123"),
        mid: of("000010000099999"),
        local_time: of("20260314093100"),
        original_htr: of("700000000001"),
        description: Some(of("wrong table")),
    };
    assert_eq!(
        plain(&Request::Void(void)),
        concat!(
            r#"{"MsgVer":"1","TxnID":"T07-20260314-000123","MID":"000010000099999","#,
            r#""LocalTxnDTTime":"20260314093100","OrgHTR":"700000000001","Description":"wrong table","#,
            r#""sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
}

#[test]
fn a_refund_of_generation_1() {
    let refund = Refund {
        id: of("T07-20260314-000124"),
        mid: of("000010000099999"),
        local_time: of("20260314093100"),
        amount: of("700"),
        currency: of("458"),
        original_id: of("T07-20260314-000123"),
        original_htr: of("700000000001"),
        description: None,
    };
    assert_eq!(
        plain(&Request::Refund(refund)),
        concat!(
            r#"{"MsgVer":"1","TxnID":"T07-20260314-000124","MID":"000010000099999","#,
            r#""LocalTxnDTTime":"20260314093100","AmtTxn":"700","CrcyTxn":"458","#,
            r#""OrgTxnID":"T07-20260314-000123","OrgHTR":"700000000001","#,
            r#""sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
}

#[test]
fn a_completion_of_generation_1() {
    let completion = SaleCompletion {
        id: of("T07-20260314-000125"),
        mid: of("000010000099999"),
        local_time: of("20260314093100"),
        amount: of("1850"),
        currency: of("458"),
        original_htr: of("700000000001"),
        description: None,
    };
    assert_eq!(
        plain(&Request::SaleCompletion(completion)),
        concat!(
            r#"{"MsgVer":"1","TxnID":"T07-20260314-000125","MID":"000010000099999","#,
            r#""LocalTxnDTTime":"20260314093100","AmtTxn":"1850","CrcyTxn":"458","#,
            r#""OrgHTR":"700000000001","sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
}

#[test]
fn a_payment_of_generation_2() {
    let submit = Submit {
        caller: Caller { version: of("0.1.0"), mid: of("000010000099999"), seller: None },
        sequence: of("2026031400000043"),
        mrn: of("T07-20260314-000123"),
        method: of("00"),
        time: of("20260314093000"),
        amount: of("1850"),
        currency: of("458"),
        device: Some(of("KP0001")),
        email: Some(of("till07@example.my")),
        notify: Some(of("https://till.example/kayaaku/notification")),
        description: None,
    };
    let head = concat!(
        r#"{"msgVer":"1.0","billerType":"PS","callerDeviceType":"02","callerDeviceVer":"0.1.0","#,
        r#""sequenceNo":"2026031400000043","sellerId":"000000","mid":"000010000099999","#,
        r#""isPaymentReq":"Y","payment":{"mrn":"T07-20260314-000123","requiredPayment":"Y","#,
        r#""paymentType":"STX","paymentMethod":"00","paymentTime":"20260314093000","#,
        r#""amount":"1850","currency":"458""#,
    );
    let more = concat!(
        r#","deviceSN":"KP0001","email":"till07@example.my","#,
        r#""paymentNotiUrl":"https://till.example/kayaaku/notification""#,
    );
    assert_eq!(submit.plain(), format!(r#"{head}{more}}},"isInvoiceReq":"N"}}"#));
    let bare = Submit { device: None, email: None, notify: None, ..submit };
    assert_eq!(bare.plain(), format!(r#"{head}}},"isInvoiceReq":"N"}}"#));
}
