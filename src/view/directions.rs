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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Inputs, Linked, Publicity};
    use crate::model::config::SiteConfig;
    use crate::model::snapshot::Snapshot;

    fn directions(title: &str) -> Directions {
        let config = SiteConfig {
            base_url: String::from("https://www.example.gov.cn/qt/"),
            ..SiteConfig::stand_in()
        };
        let as_of = jiff::civil::date(2021, 5, 20).at(0, 0, 0, 0);
        let linked = Linked::new(Inputs {
            config,
            settings: None,
            entries: Vec::new(),
            synonyms: Vec::new(),
            broken: crate::content::Broken::default(),
            snapshot: Snapshot::default(),
            publicity: Publicity {
                as_of,
                drafts: false,
            },
        });
        let location = Location {
            longitude: 122.283,
            latitude: 29.944,
            datum: Datum::Gcj02,
        };
        Directions::new(&location, title, None, &linked.site)
    }

    #[test]
    fn each_map_gets_its_own_order_and_datum() {
        let Directions {
            amap,
            baidu,
            tencent,
            wgs84,
        } = directions("站");
        assert!(amap.marker.contains("position=122.283000,29.944000&"));
        assert!(
            amap.route
                .unwrap()
                .contains("to=122.283000,29.944000,%E7%AB%99&")
        );
        assert!(tencent.marker.contains("coord:29.944000,122.283000;"));
        assert!(
            tencent
                .route
                .unwrap()
                .contains("tocoord=29.944000,122.283000&")
        );
        assert!(baidu.marker.contains("location=29.95"), "{}", baidu.marker);
        assert!(baidu.marker.contains(",122.28") && baidu.marker.contains("coord_type=bd09ll"));
        assert!(!baidu.marker.contains("29.944000"));
        assert_eq!((wgs84.longitude, wgs84.latitude), (122.278_877, 29.946_42));
    }

    #[test]
    fn titles_cannot_change_the_meaning_of_a_link() {
        let directions = directions("a&b=c;d:e #\"<站>");
        for url in [&directions.amap.marker, &directions.tencent.marker] {
            assert!(!url.contains(['"', '<', ' ', '#']), "{url}");
            assert!(url.contains("a%26b%3Dc%3Bd%3Ae%20%23%22%3C"), "{url}");
            assert!(url.contains("www%2Eexample%2Egov%2Ecn"), "{url}");
        }
    }
}
