//! Images: the logos and backgrounds of an instance.

use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "IMAGES",
    addresses: &["/learning/admin/config/images.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};
