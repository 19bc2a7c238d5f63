//! How each storage is spoken to.

use std::path::Path;

use opendal::services::{Cos, Fs, Memory, Obs, Oss, S3};
use opendal::{Error, ErrorKind, Operator};

use super::{Place, oss};
use crate::model::target::{DeployTarget, Service};

/// Sets the process up for encrypted connections, once.
pub(in crate::shell::deploy) fn install() {
    // A provider that is already installed is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    opendal_http_transport_reqwest::install_default();
}

/// What speaks to the storage of a target, from `root` on.
pub(super) fn operator(
    target: &DeployTarget,
    place: Place<'_>,
    root: &str,
) -> opendal::Result<Operator> {
    let endpoint = target.endpoint.as_deref();
    let region = target.region.as_deref();
    match target.service {
        // Opening a folder makes it; who only looks sees nothing in one that is not there.
        Service::Fs if place.scratch.is_none() && !Path::new(root).exists() => {
            Operator::new(Memory::default())
        }
        Service::Fs => {
            let scratch = place.scratch.map(Path::to_string_lossy);
            let folder = Fs::default().root(root);
            Operator::new(folder.atomic_write_dir(&scratch.unwrap_or_default()))
        }
        Service::S3 => Operator::new(s3(target, place, root)),
        Service::Oss => {
            let region = region.map(|region| region.trim_start_matches("oss-"));
            let usual = region.map(|region| format!("https://oss-{region}.aliyuncs.com"));
            let endpoint = endpoint.map(str::to_owned).or(usual).unwrap_or_default();
            let region = region.or_else(|| oss::region_of(&endpoint));
            let region = region.ok_or_else(|| Error::new(ErrorKind::ConfigInvalid, "no region"))?;
            let builder = Oss::default().root(root).bucket(place.bucket);
            let builder = builder.endpoint(&endpoint).skip_signature();
            let operator = Operator::new(builder)?;
            Ok(operator.with_context(oss::signing(place.bucket, region)))
        }
        Service::Cos => {
            let usual = region.map(|region| format!("https://cos.{region}.myqcloud.com"));
            let endpoint = endpoint.map(str::to_owned).or(usual).unwrap_or_default();
            Operator::new(
                Cos::default()
                    .root(root)
                    .bucket(place.bucket)
                    .endpoint(&endpoint),
            )
        }
        Service::Obs => {
            let usual = region.map(|region| format!("https://obs.{region}.myhuaweicloud.com"));
            let endpoint = endpoint.map(str::to_owned).or(usual).unwrap_or_default();
            Operator::new(
                Obs::default()
                    .root(root)
                    .bucket(place.bucket)
                    .endpoint(&endpoint),
            )
        }
    }
}

fn s3(target: &DeployTarget, place: Place<'_>, root: &str) -> S3 {
    let endpoint = target.endpoint.as_deref();
    let region = target.region.as_deref();
    let mut builder = S3::default().root(root).bucket(place.bucket);
    // Looking for keys where only Amazon's machines have them would take minutes elsewhere.
    builder = builder.disable_ec2_metadata();
    builder = match region {
        Some(region) => builder.region(region),
        // What others than Amazon expect that know no regions.
        None => builder.region(if endpoint.is_some() {
            "auto"
        } else {
            "us-east-1"
        }),
    };
    // Amazon's regions in China have a domain of their own.
    let in_china = region.filter(|region| region.starts_with("cn-"));
    let in_china = in_china.map(|region| format!("https://s3.{region}.amazonaws.com.cn"));
    if let Some(endpoint) = endpoint.map(str::to_owned).or(in_china) {
        builder = builder.endpoint(&endpoint);
    }
    if target.virtual_host {
        builder = builder.enable_virtual_host_style();
    }
    builder
}
