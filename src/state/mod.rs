//! temp
use crate::error::Result;
use crate::secret::Secret;
use jiff::Timestamp;
/// t
#[derive(Debug, Clone)]
pub struct State;
impl State {
/// t
pub fn new(_s: crate::store::Store)->Self{Self}
/// t
pub async fn slot(&self,_i:&str)->Result<crate::secret::keyring::Slot>{Ok(crate::secret::keyring::Slot::Own)}
/// t
pub async fn remember_slot(&self,_i:&str,_s:crate::secret::keyring::Slot)->Result<()>{Ok(())}
/// t
pub async fn addresses(&self,_i:&str)->Result<std::collections::BTreeMap<String,String>>{Ok(Default::default())}
/// t
pub async fn remember_addresses(&self,_i:&str,_a:&std::collections::BTreeMap<String,String>)->Result<()>{Ok(())}

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
