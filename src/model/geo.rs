//! Places on the earth: the three datums in use on Chinese maps, and distances.
//!
//! China's maps do not show where a satellite receiver says one is (WGS-84), but a place some hundred
//! metres away: Amap and Tencent use GCJ-02, Baidu shifts that once more (BD-09). The formulas are
//! public knowledge without an official text; the constants are those of Krasovsky's ellipsoid.
//! Outside China there is no shift, and each datum is taken for WGS-84.
//!
//! Invariants: pure; converting there and back is exact to 1e-9 degrees, a tenth of a millimetre.

use std::f64::consts::PI;

use super::kinds::{Datum, Location};

/// A place in degrees, east and north positive; of which datum, its holder says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Degrees {
    /// −180 to 180.
    pub longitude: f64,
    /// −90 to 90.
    pub latitude: f64,
}

/// The semi-major axis of Krasovsky's ellipsoid in metres.
const AXIS: f64 = 6_378_245.0;

/// The square of its first eccentricity.
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;

/// The period of Baidu's ripples, in radians per degree.
const RIPPLE: f64 = PI * 3000.0 / 180.0;

/// Rounds that suffice to undo a shift; each makes the error about a thousand times smaller.
const ROUNDS: usize = 8;

impl Location {
    /// The place in another datum.
    pub fn in_datum(&self, datum: Datum) -> Degrees {
        let written = Degrees {
            longitude: self.longitude,
            latitude: self.latitude,
        };
        convert(written, self.datum, datum)
    }
}

/// The same place, given in one datum, in another.
pub fn convert(place: Degrees, from: Datum, to: Datum) -> Degrees {
    if from == to || !is_in_china(place) {
        return place;
    }
    let gcj02 = match from {
        Datum::Wgs84 => gcj02_of_wgs84(place),
        Datum::Gcj02 => place,
        Datum::Bd09 => undo(bd09_of_gcj02, place),
    };
    match to {
        Datum::Wgs84 => undo(gcj02_of_wgs84, gcj02),
        Datum::Gcj02 => gcj02,
        Datum::Bd09 => bd09_of_gcj02(gcj02),
    }
}

/// Whether a place lies in the rectangle in which maps are shifted.
fn is_in_china(place: Degrees) -> bool {
    (72.004..=137.8347).contains(&place.longitude) && (0.8293..=55.8271).contains(&place.latitude)
}

fn gcj02_of_wgs84(place: Degrees) -> Degrees {
    let (x, y) = (place.longitude - 105.0, place.latitude - 35.0);
    let root = x.abs().sqrt();
    let wave = |value: f64, parts: [(f64, f64); 2]| -> f64 {
        let parts = parts.iter().map(|(size, part)| size * (value * part).sin());
        parts.sum::<f64>() * 2.0 / 3.0
    };
    let common = wave(PI * x, [(20.0, 6.0), (20.0, 2.0)]);
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    let north = north
        + common
        + wave(PI * y, [(20.0, 1.0), (40.0, 1.0 / 3.0)])
        + wave(PI * y, [(160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)]);
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    let east = east
        + common
        + wave(PI * x, [(20.0, 1.0), (40.0, 1.0 / 3.0)])
        + wave(PI * x, [(150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)]);
    // From metres to degrees on the ellipsoid.
    let latitude = place.latitude.to_radians();
    let magic = 1.0 - ECCENTRICITY * latitude.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY) / (magic * magic.sqrt());
    let parallel = AXIS / magic.sqrt() * latitude.cos();
    Degrees {
        longitude: place.longitude + (east / parallel).to_degrees(),
        latitude: place.latitude + (north / meridian).to_degrees(),
    }
}

fn bd09_of_gcj02(place: Degrees) -> Degrees {
    let (x, y) = (place.longitude, place.latitude);
    let length = x.hypot(y) + 0.00002 * (y * RIPPLE).sin();
    let angle = y.atan2(x) + 0.000003 * (x * RIPPLE).cos();
    Degrees {
        longitude: length * angle.cos() + 0.0065,
        latitude: length * angle.sin() + 0.006,
    }
}

/// The place that `shift` takes to `shifted`.
fn undo(shift: fn(Degrees) -> Degrees, shifted: Degrees) -> Degrees {
    let mut place = shifted;
    for _ in 0..ROUNDS {
        let again = shift(place);
        place.longitude += shifted.longitude - again.longitude;
        place.latitude += shifted.latitude - again.latitude;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(longitude: f64, latitude: f64) -> Degrees {
        Degrees {
            longitude,
            latitude,
        }
    }

    fn assert_near(one: Degrees, other: Degrees, degrees: f64) {
        let apart = (one.longitude - other.longitude)
            .abs()
            .max((one.latitude - other.latitude).abs());
        assert!(apart <= degrees, "{one:?} and {other:?} are {apart} apart");
    }

    #[test]
    fn known_places_are_shifted_as_others_shift_them() {
        let place = at(116.404, 39.915);
        for (from, to, expected) in [
            (
                Datum::Wgs84,
                Datum::Gcj02,
                at(116.410_244_499_169, 39.916_404_281_502),
            ),
            (
                Datum::Gcj02,
                Datum::Bd09,
                at(116.410_369_493_710, 39.921_336_993_510),
            ),
            // Others undo Baidu's shift by an approximation.
            (
                Datum::Bd09,
                Datum::Gcj02,
                at(116.397_627_291_193, 39.908_656_739_576),
            ),
        ] {
            assert_near(convert(place, from, to), expected, 1.5e-6);
        }
        let shanghai = convert(at(121.527_210_6, 31.177_427_6), Datum::Wgs84, Datum::Gcj02);
        assert_near(shanghai, at(121.531_541_859, 31.175_303_984), 1e-6);
    }

    #[test]
    fn there_and_back_is_the_same_place() {
        let datums = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09];
        for step in 0..2_000 {
            let part = f64::from(step) / 2_000.0;
            let place = at(74.0 + 60.0 * part, 5.0 + 48.0 * (part * 37.0).fract());
            for (from, to) in datums.iter().flat_map(|from| datums.map(|to| (*from, to))) {
                let back = convert(convert(place, from, to), to, from);
                assert_near(back, place, 1e-9);
            }
        }
    }

    #[test]
    fn abroad_nothing_is_shifted() {
        for place in [at(2.35, 48.85), at(-74.0, 40.7), at(151.2, -33.9)] {
            assert_eq!(convert(place, Datum::Bd09, Datum::Wgs84), place);
        }
    }
}
