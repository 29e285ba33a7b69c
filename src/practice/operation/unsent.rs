//! Manage Unsent Emails: what waits in the queue, and its deletion.

use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "UNSENT_EMAILS",
    addresses: &["/learning/admin/tools/unsentEmails.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};
