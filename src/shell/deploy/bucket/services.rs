//! The storages, as the engine wants each described.

use opendal::services::{Cos, Fs, Obs, Oss, S3};
use opendal::{Error, ErrorKind, Operator, Result};

use super::{Place, oss};
use crate::model::target::{DeployTarget, Service};

/// What reads and writes in a place of a target; `root` is its prefix or folder.
///
/// # Errors
/// What the target lacks.
pub(super) fn operator(target: &DeployTarget, place: Place<'_>, root: &str) -> Result<Operator> {
    let endpoint = target.endpoint.as_deref();
    let region = target.region.as_deref();
    match target.service {
        Service::Fs => {
            let scratch = place.scratch.to_string_lossy();
            Operator::new(Fs::default().root(root).atomic_write_dir(&scratch))
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
