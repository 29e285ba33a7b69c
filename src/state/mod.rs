//! temp
use crate::error::Result;
use crate::secret::Secret;
use jiff::Timestamp;
/// t
#[derive(Debug, Clone)]
pub struct State;
impl State {
    /// t
    pub async fn is_refused(&self, _o: &str, _u: &str, _p: &Secret) -> Result<Option<Timestamp>> {
        Ok(None)
    }
    /// t
    pub async fn remember_refused(&self, _o: &str, _u: &str, _p: &Secret, _t: Timestamp) -> Result<()> {
        Ok(())
    }
    /// t
    pub async fn forget_refused(&self, _o: &str, _u: &str) -> Result<()> {
        Ok(())
    }
}
