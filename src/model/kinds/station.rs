//! Stations: places where residents are served.

use super::{Community, Organization};
use crate::model::leaf::FileName;
use crate::model::record::{choice, record};
use crate::model::reference::Ref;
use crate::model::weekly::WeeklySlot;

choice! {
    /// What sort of station it is.
    pub enum StationKind {
        /// The subdistrict's service centre.
        Center = "center", "街道党群服务中心";
        /// A community's service centre.
        Community = "community", "社区党群服务中心";
        /// A workers' home.
        WorkersHome = "workers_home", "职工之家";
        /// A youth centre.
        YouthCenter = "youth_center", "青年中心";
        /// A women's home.
        WomensHome = "womens_home", "妇女之家";
        /// A small women's home.
        MicroHome = "micro_home", "妇女微家";
        /// A service point in a park or business district.
        ServicePoint = "service_point", "群团服务站";
    }
}

choice! {
    /// The geodetic datum of a coordinate.
    pub enum Datum {
        /// That of GPS.
        Wgs84 = "wgs84", "WGS-84";
        /// That of Amap and Tencent.
        Gcj02 = "gcj02", "GCJ-02";
        /// That of Baidu.
        Bd09 = "bd09", "BD-09";
    }
}

record! {
    /// A station (阵地).
    pub struct Station {
        /// 类别。What sort of station it is.
        kind: StationKind,
        /// 所在社区。The community it is in.
        community: Option<Ref<Community>>,
        /// 地址。Its address.
        address: Option<String>,
        /// 坐标。Where it is.
        location: Option<Location>,
        /// 使用面积。Floor area in square metres.
        area_m2: Option<f64>,
        /// 开放时间。When it is open.
        hours: Vec<WeeklySlot>,
        /// 电话。Its telephone number.
        phone: Option<String>,
        /// 功能室。Its rooms.
        rooms: Vec<Room>,
        /// 服务窗口。Its service windows.
        windows: Vec<Window>,
        /// 服务项目。What it offers.
        services: Vec<String>,
        /// 入驻组织。The organizations at work there.
        organizations: Vec<Ref<Organization>>,
        /// 无障碍设施。What makes it accessible.
        accessibility: Vec<String>,
    }
}

record! {
    /// A coordinate (坐标).
    pub struct Location {
        /// 经度。Longitude in degrees.
        longitude: f64,
        /// 纬度。Latitude in degrees.
        latitude: f64,
        /// 坐标系。The datum.
        datum: Datum,
    }
}

record! {
    /// A room of a station (功能室), often with several uses.
    pub struct Room(title) {
        /// 名称。Its name.
        title: String,
        /// 楼层。The floor it is on.
        floor: Option<String>,
        /// 用途。What it is used for, and when.
        uses: Vec<RoomUse>,
        /// 照片。A photo.
        photo: Option<FileName>,
    }
}

record! {
    /// One use of a room (一室多用).
    pub struct RoomUse(title) {
        /// 用途。What it is used for.
        title: String,
        /// 时段。When in the week.
        times: Vec<WeeklySlot>,
        /// 使用组织。Who uses it.
        organization: Option<Ref<Organization>>,
    }
}

record! {
    /// A service window (服务窗口).
    pub struct Window(title) {
        /// 名称。Its name.
        title: String,
        /// 办理事项。What can be done there.
        services: Vec<String>,
        /// 责任组织。Who staffs it.
        organization: Option<Ref<Organization>>,
    }
}
