//! Device messages of either side: Display, Input, Print, Transmit.
//!
//! Dossier chapters 12 and 13. Invariant: an answer decodes when parts the schema requires are missing;
//! terminal software before 1.3.0.7 left some out.

use super::element::elements;
use super::header::Response;
use super::output::{MenuEntry, OutputContent};
use super::scalar::Base64;
use super::values::{Device, DocumentQualifier, InfoQualify, InputCommand, ResponseMode};

elements! {
    /// Shows texts.
    #[derive(Default)]
    DisplayRequest {
        /// At least one by schema.
        display_outputs: Vec<DisplayOutput> = child("DisplayOutput"),
    }

    /// One text for one screen.
    DisplayOutput {
        /// The schema's default is true; only a literal `true` is answered with a body (dossier chapter
        /// 12.1).
        response_required: Option<bool> = attribute("ResponseRequiredFlag"),
        /// Seconds, 0–999.
        minimum_display_time: Option<u32> = attribute("MinimumDisplayTime"),
        /// Which screen.
        device: Device = attribute("Device"),
        /// What the text is meant to be.
        info_qualify: InfoQualify = attribute("InfoQualify"),
        /// The text; required by the schema.
        output_content: Option<OutputContent> = child("OutputContent"),
        /// Choices.
        menu_entries: Vec<MenuEntry> = child("MenuEntry"),
        /// Signature of the content, unused.
        output_signature: Option<Base64> = child("OutputSignature"),
    }

    /// Answer to Display: one result per text, in the same order.
    #[derive(Default)]
    DisplayResponse {
        /// The results.
        output_results: Vec<OutputResult> = child("OutputResult"),
    }

    /// What became of one text.
    OutputResult {
        /// Which screen.
        device: Option<Device> = attribute("Device"),
        /// What the text was meant to be.
        info_qualify: Option<InfoQualify> = attribute("InfoQualify"),
        /// The result.
        response: Response = child("Response"),
    }

    /// Asks a person.
    InputRequest {
        /// The question.
        display_output: Option<DisplayOutput> = child("DisplayOutput"),
        /// The entry wanted.
        input_data: InputData = child("InputData"),
    }

    /// The entry wanted.
    InputData {
        /// Which keyboard.
        device: Device = attribute("Device"),
        /// `Input`.
        info_qualify: InfoQualify = attribute("InfoQualify"),
        /// What kind of entry.
        input_command: InputCommand = attribute("InputCommand"),
        /// Tell about a card.
        notify_card_input: Option<bool> = attribute("NotifyCardInputFlag"),
        /// Seconds.
        max_input_time: Option<u32> = attribute("MaxInputTime"),
        /// Answer at once, entry follows.
        immediate_response: Option<bool> = attribute("ImmediateResponseFlag"),
        /// Least number of characters.
        min_length: Option<u32> = attribute("MinLength"),
        /// Greatest number of characters.
        max_length: Option<u32> = attribute("MaxLength"),
        /// Decimals.
        max_decimal_length: Option<u32> = attribute("MaxDecimalLength"),
        /// The user confirms the entry.
        wait_user_validation: Option<bool> = attribute("WaitUserValidationFlag"),
        /// Entry from right to left.
        from_right_to_left: Option<bool> = attribute("FromRightToLeftFlag"),
        /// Show asterisks.
        mask_characters: Option<bool> = attribute("MaskCharactersFlag"),
        /// Beep at each key.
        beep_key: Option<bool> = attribute("BeepKeyFlag"),
        /// Correction deletes all.
        global_correction: Option<bool> = attribute("GlobalCorrectionFlag"),
        /// No cancel key.
        disable_cancel: Option<bool> = attribute("DisableCancelFlag"),
        /// No correction key.
        disable_correct: Option<bool> = attribute("DisableCorrectFlag"),
        /// No confirmation key.
        disable_valid: Option<bool> = attribute("DisableValidFlag"),
        /// A key goes back in the menu.
        menu_back: Option<bool> = attribute("MenuBackFlag"),
        /// Entry proposed.
        default_input_string: Option<String> = child("DefaultInputString"),
        /// Form of the entry.
        string_mask: Option<String> = child("StringMask"),
    }

    /// Answer to Input. Only `input_result` counts.
    #[derive(Default)]
    InputResponse {
        /// What became of the question's text.
        output_result: Option<OutputResult> = child("OutputResult"),
        /// What became of the entry; required by the schema.
        input_result: Option<InputResult> = child("InputResult"),
    }

    /// What became of the entry.
    InputResult {
        /// Which keyboard.
        device: Option<Device> = attribute("Device"),
        /// `Input`.
        info_qualify: Option<InfoQualify> = attribute("InfoQualify"),
        /// Failure means that the dialog could not be held, not that the answer is no.
        response: Response = child("Response"),
        /// The entry.
        input: Option<Input> = child("Input"),
    }

    /// An entry. A missing `confirmed` means a failed dialog, not «no» (gotcha 21).
    Input {
        /// What kind of entry.
        input_command: InputCommand = attribute("InputCommand"),
        /// Answer to GetConfirmation.
        confirmed: Option<bool> = child("ConfirmedFlag"),
        /// Answer to GetFunctionKey.
        function_key: Option<String> = child("FunctionKey"),
        /// Answer to TextString and DecimalString.
        text_input: Option<String> = child("TextInput"),
        /// Answer to DigitString.
        digit_input: Option<String> = child("DigitInput"),
        /// Answer to GetMenuEntry, from 1.
        menu_entry_number: Option<u32> = child("MenuEntryNumber"),
    }

    /// Prints a document.
    PrintRequest {
        /// The document.
        print_output: PrintOutput = child("PrintOutput"),
    }

    /// A document to print (dossier chapters 12.4 and 13.3).
    PrintOutput {
        /// Which document.
        document_qualifier: DocumentQualifier = attribute("DocumentQualifier"),
        /// When to answer; required by the schema.
        response_mode: Option<ResponseMode> = attribute("ResponseMode"),
        /// May be printed together with others.
        integrated_print: Option<bool> = attribute("IntegratedPrintFlag"),
        /// Needs a signature.
        required_signature: Option<bool> = attribute("RequiredSignatureFlag"),
        /// The content; required by the schema.
        output_content: Option<OutputContent> = child("OutputContent"),
        /// Signature of the content, unused.
        output_signature: Option<Base64> = child("OutputSignature"),
    }

    /// Answer to Print.
    PrintResponse {
        /// Which document; required by the schema.
        document_qualifier: Option<DocumentQualifier> = attribute("DocumentQualifier"),
        /// The result.
        response: Response = child("Response"),
    }

    /// Bytes for a host, or the address announcement (dossier chapter 12.6, module `announcement`).
    TransmitRequest {
        /// Whether the host's answer is wanted.
        wait_response: Option<bool> = attribute("WaitResponseFlag"),
        /// Seconds; required by the schema.
        maximum_transmit_time: Option<u32> = attribute("MaximumTransmitTime"),
        /// `address:port` of the host; port 15022 marks the announcement.
        destination_address: String = attribute("DestinationAddress"),
        /// The bytes.
        message: Base64 = child("Message"),
    }

    /// Answer to Transmit.
    TransmitResponse {
        /// The result.
        response: Response = child("Response"),
        /// The host's bytes.
        message: Option<Base64> = child("Message"),
    }
}

impl DisplayOutput {
    /// Lines of plain text for a screen.
    pub fn text(device: Device, info_qualify: InfoQualify, content: OutputContent) -> Self {
        Self {
            response_required: None,
            minimum_display_time: None,
            device,
            info_qualify,
            output_content: Some(content),
            menu_entries: Vec::new(),
            output_signature: None,
        }
    }

    /// The result to give for this output.
    pub fn result(&self, response: Response) -> OutputResult {
        OutputResult {
            device: Some(self.device.clone()),
            info_qualify: Some(self.info_qualify.clone()),
            response,
        }
    }
}

impl InputData {
    /// An entry of one kind with all defaults.
    pub fn new(device: Device, input_command: InputCommand) -> Self {
        Self {
            device,
            info_qualify: InfoQualify::Input,
            input_command,
            notify_card_input: None,
            max_input_time: None,
            immediate_response: None,
            min_length: None,
            max_length: None,
            max_decimal_length: None,
            wait_user_validation: None,
            from_right_to_left: None,
            mask_characters: None,
            beep_key: None,
            global_correction: None,
            disable_cancel: None,
            disable_correct: None,
            disable_valid: None,
            menu_back: None,
            default_input_string: None,
            string_mask: None,
        }
    }
}

impl Input {
    /// An entry without a value yet.
    pub fn new(input_command: InputCommand) -> Self {
        Self {
            input_command,
            confirmed: None,
            function_key: None,
            text_input: None,
            digit_input: None,
            menu_entry_number: None,
        }
    }
}
