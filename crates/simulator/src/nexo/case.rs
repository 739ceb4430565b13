//! One payment at the terminal: what was asked, with which card, what came of it, and the answer that
//! tells it.
//!
//! Invariant: an answer follows from the case and its verdict alone, so the answer that is sent and the
//! one that is remembered after a restart are the same.

use jiff::Timestamp;
use wire::nexo::{
    Amount, AmountsResp, CardData, ErrorCondition, Header, List, MaskedPan, Message, PaymentAcquirerData,
    PaymentInstrumentData, PaymentInstrumentType, PaymentRequest, PaymentResponse, PaymentResult,
    PaymentToken, PaymentType, PoiData, Response, ResultCode, SaleData, TokenRequestedType,
    TransactionIdentification,
};

use super::card::Card;
use super::receipts::{self, Occasion};
use super::settings::Settings;
use super::strict::EXPONENT;
use crate::bank::{Kind, State, Transaction};
use crate::rng::Rng;
use crate::script::{Behaviour, Outcome, Source, Twist};

/// A payment or refund in progress.
#[derive(Debug, Clone)]
pub struct Case {
    /// Header of the request.
    pub header: Header,
    /// The till's number and time, to be echoed.
    pub sale: TransactionIdentification,
    /// Money back to the customer.
    pub refund: bool,
    /// Minor units.
    pub requested: i64,
    /// Minor units, part of `requested`.
    pub cash_back: i64,
    /// ISO 4217.
    pub currency: String,
    /// The till wants the alias of the card number.
    pub token: bool,
    /// The till prints receipts.
    pub receipts: bool,
    /// Product codes of the request.
    pub product_codes: Vec<String>,
    /// The customer's card.
    pub card: Card,
    /// The terminal's number and time.
    pub poi: TransactionIdentification,
    /// When it began.
    pub at: Timestamp,
    /// Six digits.
    pub approval_code: String,
    /// Whole amounts are written without decimals.
    pub plain_amounts: bool,
    /// Order of the receipts.
    pub customer_first: bool,
    /// Receipts carry `ReceiptString`.
    pub receipt_lines: bool,
    /// Acquirer's number of the shop.
    pub merchant: String,
    /// Acquirer's number of the terminal.
    pub terminal: String,
    /// Name on receipts.
    pub shop: String,
    /// Offset of local time.
    pub utc_offset_minutes: i32,
    /// What is to happen.
    pub behaviour: Behaviour,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Money moved.
    Approved(Approval),
    /// Nothing moved.
    Failed(Failure),
}

/// Money moved; minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// In all.
    pub total: i64,
    /// Part of the total.
    pub tip: i64,
    /// Part of the total.
    pub cash_back: i64,
    /// `Partial`, with or without a condition.
    pub partial: Option<Option<String>>,
    /// The customer has to sign.
    pub signature: bool,
}

/// Nothing moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why, for machines.
    pub condition: ErrorCondition,
    /// Why, for people.
    pub text: String,
    /// Whether receipts come with it.
    pub receipt: bool,
}

impl Verdict {
    /// Nothing moved and no receipt.
    pub fn failed(condition: ErrorCondition, text: &str) -> Self {
        Self::Failed(Failure { condition, text: text.to_owned(), receipt: false })
    }

    /// Nothing moved, but there is a receipt.
    pub fn failed_with_receipt(condition: ErrorCondition, text: &str) -> Self {
        Self::Failed(Failure { condition, text: text.to_owned(), receipt: true })
    }

    /// Whether money moved.
    pub fn is_approved(&self) -> bool {
        matches!(self, Self::Approved(_))
    }

    /// Whether the customer has to sign.
    pub fn wants_signature(&self) -> bool {
        matches!(self, Self::Approved(approval) if approval.signature)
    }

    /// Minor units that moved.
    pub fn total(&self) -> Option<i64> {
        match self {
            Self::Approved(approval) => Some(approval.total),
            Self::Failed(_) => None,
        }
    }

    fn has_receipts(&self) -> bool {
        match self {
            Self::Approved(_) => true,
            Self::Failed(failure) => failure.receipt,
        }
    }

    fn bank_state(&self) -> State {
        match self {
            Self::Approved(_) => State::Approved,
            Self::Failed(failure) => match failure.condition.as_str() {
                "Aborted" | "Cancel" => State::Aborted,
                _ => State::Declined,
            },
        }
    }
}

impl Case {
    /// Takes up a request. `None` when it lacks what the strict reader has already demanded.
    pub fn open(
        (header, request): (&Header, &PaymentRequest),
        (settings, receipts): (&Settings, bool),
        behaviour: Behaviour,
        (poi, at): (TransactionIdentification, Timestamp),
    ) -> Option<Self> {
        let amounts = &request.payment_transaction.amounts_req;
        let mut rng = Rng::keyed(settings.seed, &format!("case {:?}", header.service_id));
        let source = behaviour.source.unwrap_or(match behaviour.outcome {
            Outcome::Signature => Source::Stripe,
            Outcome::Approve
            | Outcome::Tip
            | Outcome::Partial { .. }
            | Outcome::Race
            | Outcome::Decline { .. }
            | Outcome::Cancel
            | Outcome::UntilAborted => Source::Contactless,
        });
        let kind = request.payment_data.as_ref().and_then(|data| data.payment_type.clone());
        let items = request.payment_transaction.sale_items.iter();
        Some(Self {
            header: header.clone(),
            sale: request.sale_data.sale_transaction_id.clone()?,
            refund: kind == Some(PaymentType::Refund),
            requested: amounts.requested_amount?.to_minor(EXPONENT)?,
            cash_back: amounts.cash_back_amount.and_then(|amount| amount.to_minor(EXPONENT)).unwrap_or(0),
            currency: amounts.currency.clone(),
            token: request.sale_data.token_requested_type == Some(TokenRequestedType::Customer),
            receipts,
            product_codes: items.map(|item| item.product_code.clone()).collect(),
            card: Card::draw(source, &mut rng),
            poi,
            at,
            approval_code: rng.digits(6),
            plain_amounts: settings.vary && rng.one_in(2),
            customer_first: settings.vary && rng.one_in(2),
            receipt_lines: settings.receipt_lines,
            merchant: settings.merchant.clone(),
            terminal: settings.number.clone(),
            shop: settings.shop.clone(),
            utc_offset_minutes: settings.utc_offset_minutes,
            behaviour,
        })
    }

    /// What the host and the customer make of it, an abort aside.
    pub fn verdict(&self) -> Verdict {
        let tip = self.behaviour.tip.unwrap_or(self.requested / 10);
        let tip = if self.refund { 0 } else { tip };
        match &self.behaviour.outcome {
            Outcome::Approve | Outcome::Race | Outcome::UntilAborted => self.approved(self.requested, 0),
            Outcome::Tip => self.approved(self.requested.saturating_add(tip), tip),
            Outcome::Signature => self.approved(self.requested, 0).signed(),
            Outcome::Partial { condition } => {
                let part = self.behaviour.part.unwrap_or(self.requested / 2);
                self.approved(part.clamp(1, self.requested), 0).partial(condition.clone())
            }
            Outcome::Cancel => Verdict::failed(ErrorCondition::Cancel, "Cancelled by customer"),
            Outcome::Decline { condition, receipt } => Verdict::Failed(Failure {
                condition: ErrorCondition::from(condition.as_str()),
                text: decline_text(condition).to_owned(),
                receipt: *receipt,
            }),
        }
    }

    fn approved(&self, total: i64, tip: i64) -> Verdict {
        let cash_back = self.cash_back.min(total);
        Verdict::Approved(Approval { total, tip, cash_back, partial: None, signature: false })
    }

    /// The bank's entry.
    pub fn entry(&self, verdict: &Verdict, at: Timestamp) -> Transaction {
        let (tip, cash_back) = match verdict {
            Verdict::Approved(approval) => (approval.tip, approval.cash_back),
            Verdict::Failed(_) => (0, 0),
        };
        Transaction {
            id: 0,
            terminal: self.terminal.clone(),
            sale_id: self.header.sale_id.clone(),
            poi_id: self.header.poi_id.clone(),
            service_id: self.header.service_id.clone().unwrap_or_default(),
            transaction: self.sale_number().to_owned(),
            receipt_number: self.receipt_number().to_owned(),
            kind: if self.refund { Kind::Refund } else { Kind::Payment },
            requested: self.requested,
            amount: verdict.total().unwrap_or(0),
            tip,
            cash_back,
            currency: self.currency.clone(),
            at,
            state: verdict.bank_state(),
            card: (self.card.source != Source::Mobile).then(|| self.card.masked()),
        }
    }

    /// The answer.
    pub fn answer(&self, verdict: &Verdict) -> Message {
        let mut answer = PaymentResponse::new(response(verdict));
        answer.sale_data =
            Some(SaleData { sale_transaction_id: Some(self.sale.clone()), ..SaleData::default() });
        answer.poi_data =
            Some(PoiData { poi_reconciliation_id: None, poi_transaction_id: Some(self.poi.clone()) });
        answer.payment_result = self.result(verdict);
        if self.receipts && verdict.has_receipts() && !self.behaviour.twists.contains(&Twist::NoReceipts) {
            answer.payment_receipts = receipts::both(self, verdict, Occasion::Transaction);
        }
        Message::new(self.header.reply(), answer.into())
    }

    fn result(&self, verdict: &Verdict) -> Option<PaymentResult> {
        let mut result = PaymentResult {
            payment_type: Some(if self.refund { PaymentType::Refund } else { PaymentType::Normal }),
            payment_instrument_data: Some(self.instrument()),
            ..PaymentResult::default()
        };
        match verdict {
            Verdict::Failed(failure) if failure.condition == ErrorCondition::PaymentRestriction => {
                let allowed: Vec<String> = self.product_codes.iter().skip(1).cloned().collect();
                let card = result.payment_instrument_data.as_mut().and_then(|data| data.card_data.as_mut());
                if let Some(card) = card {
                    card.allowed_product_codes = allowed;
                    card.payment_token = None;
                }
                Some(result)
            }
            Verdict::Failed(failure) => failure.receipt.then_some(result),
            Verdict::Approved(approval) => {
                result.amounts_resp = Some(self.amounts(approval));
                result.payment_acquirer_data = Some(PaymentAcquirerData {
                    merchant_id: Some(self.merchant.clone()),
                    acquirer_poi_id: Some(self.terminal.clone()),
                    approval_code: Some(self.approval_code.clone()),
                    ..PaymentAcquirerData::default()
                });
                Some(result)
            }
        }
    }

    fn amounts(&self, approval: &Approval) -> AmountsResp {
        let amount = |minor: i64| {
            let whole = self.plain_amounts && minor % 100 == 0;
            if whole { Amount::from_minor(minor / 100, 0) } else { Amount::from_minor(minor, EXPONENT) }
        };
        AmountsResp {
            currency: Some(self.currency.clone()),
            authorized_amount: Some(amount(approval.total)),
            cash_back_amount: Some(amount(approval.cash_back)),
            tip_amount: (approval.tip > 0).then(|| amount(approval.tip)),
            ..AmountsResp::default()
        }
    }

    /// The card or wallet of an answer.
    pub fn instrument(&self) -> PaymentInstrumentData {
        if self.card.source == Source::Mobile {
            let mobile = Some(PaymentInstrumentType::Mobile);
            return PaymentInstrumentData { payment_instrument_type: mobile, card_data: None };
        }
        PaymentInstrumentData {
            payment_instrument_type: Some(PaymentInstrumentType::Card),
            card_data: Some(card_data(&self.card, self.token)),
        }
    }

    /// The till's number.
    pub fn sale_number(&self) -> &str {
        self.sale.transaction_id.as_deref().unwrap_or_default()
    }

    /// The terminal's number.
    pub fn receipt_number(&self) -> &str {
        self.poi.transaction_id.as_deref().unwrap_or_default()
    }
}

/// A card as answers show it.
pub fn card_data(card: &Card, token: bool) -> CardData {
    let token = token.then(|| PaymentToken {
        token_requested_type: Some(TokenRequestedType::Customer),
        token_value: Some(card.token()),
        expiry_date_time: None,
    });
    CardData {
        payment_brand: Some(card.brand.to_owned()),
        masked_pan: Some(MaskedPan::new(&card.masked())),
        entry_mode: card.entry_mode().map(|mode| List(vec![mode])),
        payment_token: token,
        ..CardData::default()
    }
}

impl Verdict {
    fn signed(self) -> Self {
        match self {
            Self::Approved(approval) => Self::Approved(Approval { signature: true, ..approval }),
            Self::Failed(_) => self,
        }
    }

    fn partial(self, condition: Option<String>) -> Self {
        match self {
            Self::Approved(approval) => Self::Approved(Approval { partial: Some(condition), ..approval }),
            Self::Failed(_) => self,
        }
    }
}

fn response(verdict: &Verdict) -> Response {
    match verdict {
        Verdict::Failed(failure) => Response::failure(failure.condition.clone(), failure.text.clone()),
        Verdict::Approved(approval) => match &approval.partial {
            None => Response::success(),
            Some(condition) => Response {
                result: ResultCode::Partial,
                error_condition: condition.as_deref().map(ErrorCondition::from),
                additional_response: Some("Approved in part".to_owned()),
            },
        },
    }
}

fn decline_text(condition: &str) -> &'static str {
    match condition {
        "WrongPIN" => "Wrong PIN",
        "InvalidCard" => "Card type not configured",
        "UnreachableHost" => "No answer from the acquirer",
        "PaymentRestriction" => "One product is not payable with this card",
        _ => "Declined",
    }
}
