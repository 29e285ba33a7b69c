//! Certificates of every sort, made anew for each test.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate with its key and those above it that are shown with it.
pub(super) struct Shown {
    pub(super) chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    /// The certificate and the key, in PEM.
    pub(super) pem: String,
    pub(super) key_pem: String,
}

impl Shown {
    pub(super) fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()))
    }
}

/// An authority.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(super) pem: String,
    pub(super) der: CertificateDer<'static>,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        Self::of(above(name))
    }

    fn of(params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        Self {
            pem: own.pem(),
            der: own.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    /// Another one below this one, with its certificate.
    pub(super) fn below(&self, name: &str) -> (Self, CertificateDer<'static>) {
        self.signed(above(name))
    }

    /// The same, no longer valid.
    pub(super) fn below_until_2025(&self, name: &str) -> (Self, CertificateDer<'static>) {
        let mut params = above(name);
        params.not_after = date_time_ymd(2025, 6, 1);
        self.signed(params)
    }

    fn signed(&self, params: CertificateParams) -> (Self, CertificateDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let own = params.signed_by(&key, &self.issuer).unwrap();
        let below = Self {
            pem: own.pem(),
            der: own.der().clone(),
            issuer: Issuer::new(params, key),
        };
        (below, own.der().clone())
    }

    /// Issues a certificate for hosts, as it is or changed.
    pub(super) fn issue(&self, hosts: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Shown {
        let (mut params, key) = (leaf(hosts), KeyPair::generate().unwrap());
        change(&mut params);
        let own = params.signed_by(&key, &self.issuer).unwrap();
        shown(own.der().clone(), &own.pem(), &key)
    }
}

/// A certificate that nobody but its owner has signed.
pub(super) fn self_signed(hosts: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Shown {
    let (mut params, key) = (leaf(hosts), KeyPair::generate().unwrap());
    change(&mut params);
    let own = params.self_signed(&key).unwrap();
    shown(own.der().clone(), &own.pem(), &key)
}

fn shown(own: CertificateDer<'static>, pem: &str, key: &KeyPair) -> Shown {
    Shown {
        chain: vec![own],
        key: key.serialize_der(),
        pem: format!("{pem}{}", key.serialize_pem()),
        key_pem: key.serialize_pem(),
    }
}

fn leaf(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    named(&mut params, "Example LMS");
    params
}

fn above(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    named(&mut params, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn named(params: &mut CertificateParams, name: &str) {
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2099, 1, 1);
}
