//! Replies of generation 1 (dossier sections 4.2 to 4.5; the set of fields is assumption A-2).
//!
//! Invariant: a reply names a transaction and has a code, or it is none; all else may be missing.

use super::{Call, Members, Message, SEQUENCE_NO, SOURCE_SYSTEM};
use crate::kayaaku::text::{cut, fitting};
use crate::kayaaku::{Class, Code, DecodeError, Method, assumed};

/// A reply to any call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The transaction that it is about.
    pub id: String,
    /// What became of the request; to be examined first.
    pub result: Option<Code>,
    /// What became of the transaction, by the acquirer.
    pub response: Option<Code>,
    /// The issuer's code, as it came.
    pub issuer: Option<String>,
    /// Words for people.
    pub description: Option<String>,
    /// The host's reference: the key for everything that comes after.
    pub htr: Option<String>,
    /// The issuer's approval.
    pub approval: Option<String>,
    /// System trace number.
    pub stan: Option<String>,
    /// Retrieval reference number.
    pub rrn: Option<String>,
    /// The host's number for the merchant.
    pub mrn: Option<String>,
    /// State of the transaction; its values are not published.
    pub state: Option<String>,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: Option<String>,
    /// Masked card number.
    pub masked_pan: Option<String>,
    /// How the customer paid.
    pub method: Option<Method>,
    /// Minor units, where it is repeated.
    pub amount: Option<String>,
    /// Where it is repeated.
    pub currency: Option<String>,
    /// The running number of the request.
    pub sequence: Option<String>,
    /// The signature was checked.
    pub is_verified: bool,
}

impl Reply {
    /// Reads a reply.
    ///
    /// # Errors
    /// A known field of the wrong kind; an id (`TxnID`, `HTR`), amount or currency that is too long; no
    /// transaction; no code. Any other text that is too long is taken for missing, and words for people are
    /// cut (sections 3 to 6).
    pub fn read(message: &Message) -> Result<Self, DecodeError> {
        let must = |name, longest| match message.text(name)? {
            Some(text) => {
                fitting(text, longest).map(str::to_owned).ok_or(DecodeError::Field(name)).map(Some)
            }
            None => Ok(None),
        };
        let may = |name, longest| {
            let fits = message.text(name)?.and_then(|text| fitting(text, longest));
            Ok::<_, DecodeError>(fits.map(str::to_owned))
        };
        let code = |name| Ok::<_, DecodeError>(message.text(name)?.map(Code::of));
        let reply = Self {
            id: must("TxnID", 50)?.ok_or(DecodeError::Field("TxnID"))?,
            result: code("ResultCode")?,
            response: code("RespCd")?,
            issuer: may("OrgRespCd", 2)?,
            description: message.text("RespDesc")?.map(|text| cut(text, 256)),
            htr: must("HTR", 20)?,
            approval: may("AuthIdResp", 16)?,
            stan: may("STAN", 6)?,
            rrn: may("RRN", 12)?,
            mrn: may("MRN", 40)?,
            state: may("TxnStat", 2)?,
            local_time: may("LocalTxnDTTime", 14)?,
            masked_pan: may("MaskedPAN", 19)?,
            method: may("PmtType", 2)?.map(|word| Method::of(&word)),
            amount: must("AmtTxn", 12)?,
            currency: must("CrcyTxn", 3)?,
            sequence: may(SEQUENCE_NO, 16)?,
            is_verified: message.is_verified,
        };
        if reply.result.is_none() && reply.response.is_none() {
            return Err(DecodeError::Field("RespCd"));
        }
        Ok(reply)
    }

    /// The code that decides, as an answer to this call. `RespCd` says what became of the transaction.
    /// `ResultCode` has a table of its own that is not public but for `00` (section 9): another one is a code
    /// that nobody knows, unless `RespCd` says what went wrong; and beside an enquiry `00` says that the
    /// enquiry succeeded, not the payment.
    pub fn code(&self, call: Call) -> Option<Code> {
        let is_good = |code: &Code| code.class() == Class::Approved;
        match (&self.result, &self.response) {
            (Some(result), Some(response)) if !is_good(result) && is_good(response) => {
                Some(Code::of(&format!("ResultCode {}", result.as_str())))
            }
            (_, Some(response)) => Some(response.clone()),
            (Some(result), None) if is_good(result) && call != Call::Enquiry => Some(result.clone()),
            (Some(result), None) => Some(Code::of(&format!("ResultCode {}", result.as_str()))),
            (None, None) => None,
        }
    }

    /// Its members as a host writes them: the simulator's side.
    pub fn members(&self, source: &str) -> Members {
        let code = |code: &Option<Code>| code.as_ref().map(|code| code.as_str().to_owned());
        let pairs = [
            ("MsgVer", Some(assumed::PLAIN_VERSION.to_owned())),
            ("TxnID", Some(self.id.clone())),
            ("ResultCode", code(&self.result)),
            ("RespCd", code(&self.response)),
            ("OrgRespCd", self.issuer.clone()),
            ("HTR", self.htr.clone()),
            ("AuthIdResp", self.approval.clone()),
            ("STAN", self.stan.clone()),
            ("RRN", self.rrn.clone()),
            ("MRN", self.mrn.clone()),
            ("TxnStat", self.state.clone()),
            ("LocalTxnDTTime", self.local_time.clone()),
            ("MaskedPAN", self.masked_pan.clone()),
            ("PmtType", self.method.as_ref().map(|method| method.as_str().to_owned())),
            ("AmtTxn", self.amount.clone()),
            ("CrcyTxn", self.currency.clone()),
            ("RespDesc", self.description.clone()),
            (SOURCE_SYSTEM, Some(source.to_owned())),
            (SEQUENCE_NO, self.sequence.clone()),
        ];
        pairs.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    }
}
