//! Requests, one file a method.

pub mod cleanup;
pub mod code_action;
pub mod code_lens;
pub mod completion;
pub mod completion_resolve;
pub mod definition;
pub mod document_diagnostic;
pub mod document_text;
pub mod effective;
pub mod evidence;
pub mod execute_command;
pub mod hover;
pub mod initialize;
pub mod inlay_hint;
pub mod map;
pub mod references;
pub mod report;
pub mod signature_help;
pub mod test_hooks;
pub mod workspace_diagnostic;
