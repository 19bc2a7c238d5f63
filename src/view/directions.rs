//! The way to a station in the map programs that people have on their phones.
//!
//! URL patterns: those that the vendors document for calling their maps from a page (Amap URI API,
//! Baidu Maps URI API, Tencent Maps URI API). Each gets the place in its own order and datum.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::link::Site;
use crate::model::geo::Degrees;
use crate::model::kinds::{Datum, Location};

/// Links to a place in three map programs, and where it is.
///
/// The title stands in the links as a copy: a page that shows directions to another entry shows its
/// card too.
#[derive(Debug, Clone, Serialize)]
pub struct Directions {
    /// In Amap (高德).
    pub amap: MapLinks,
    /// In Baidu Maps (百度).
    pub baidu: MapLinks,
    /// In Tencent Maps (腾讯).
    pub tencent: MapLinks,
    /// Where it is as satellite receivers and browsers say it (WGS-84).
    pub wgs84: PlaceView,
}

/// Links to one map program.
#[derive(Debug, Clone, Serialize)]
pub struct MapLinks {
    /// Shows the place.
    pub marker: String,
    /// Shows the way there on foot, from where one is; `none` for Baidu, which wants to be told where
    /// that is.
    pub route: Option<String>,
}

/// A place in degrees, to a tenth of a metre.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PlaceView {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

impl From<Degrees> for PlaceView {
    fn from(place: Degrees) -> Self {
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
        PlaceView {
            longitude: rounded(place.longitude),
            latitude: rounded(place.latitude),
        }
    }
}

impl Directions {
    /// Those to a station of a site.
    pub fn new(location: &Location, title: &str, address: Option<&str>, site: &Site) -> Self {
        let [gcj02, bd09, wgs84] =
            [Datum::Gcj02, Datum::Bd09, Datum::Wgs84].map(|datum| location.in_datum(datum));
        let (longitude, latitude) = (degrees(gcj02.longitude), degrees(gcj02.latitude));
        let (title, address) = (encoded(title), encoded(address.unwrap_or(title)));
        let caller = encoded(site.addresses.host());
        let amap = MapLinks {
            marker: format!(
                "https://uri.amap.com/marker?position={longitude},{latitude}&name={title}&src={caller}&coordinate=gaode&callnative=1"
            ),
            route: Some(format!(
                "https://uri.amap.com/navigation?to={longitude},{latitude},{title}&mode=walk&src={caller}&coordinate=gaode&callnative=1"
            )),
        };
        let (east, north) = (degrees(bd09.longitude), degrees(bd09.latitude));
        let baidu = MapLinks {
            marker: format!(
                "https://api.map.baidu.com/marker?location={north},{east}&title={title}&content={address}&output=html&coord_type=bd09ll&src=webapp.{caller}.site"
            ),
            route: None,
        };
        let tencent = MapLinks {
            marker: format!(
                "https://apis.map.qq.com/uri/v1/marker?marker=coord:{latitude},{longitude};title:{title};addr:{address}&referer={caller}"
            ),
            route: Some(format!(
                "https://apis.map.qq.com/uri/v1/routeplan?type=walk&to={title}&tocoord={latitude},{longitude}&coord_type=2&policy=0&referer={caller}"
            )),
        };
        Directions {
            amap,
            baidu,
            tencent,
            wgs84: wgs84.into(),
        }
    }
}

/// To a tenth of a metre.
fn degrees(value: f64) -> String {
    format!("{value:.6}")
}

/// Text for a value of a query; also `;` and `:`, by which Tencent separates, are encoded.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
