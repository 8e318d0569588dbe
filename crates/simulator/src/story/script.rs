//! The script: which scene is played on which working day, counted from the first application.

/// A scene of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scene {
    /// The owner registers the project.
    Register,
    /// The owner agrees the plan.
    AgreePlan,
    /// Supervision marks it as a key project.
    MarkKey,
    /// The land contract is recorded.
    LandContract,
    /// The owner applies for all items of a stage.
    Apply(u8),
    /// The window sends the one correction notice.
    Notice(u8),
    /// The owner corrects.
    Correct(u8),
    /// The window accepts.
    Accept(u8),
    /// The officer decides at once.
    Alone(&'static str),
    /// The officer gives an opinion.
    Opinion(&'static str),
    /// The reviewer agrees.
    Review(&'static str),
    /// The approver decides.
    Approve(&'static str),
    /// The officer asks for an expert review.
    AskExperts(&'static str),
    /// The approver agrees: the clock is paused.
    CallExperts(&'static str),
    /// The officer ends it: the clock runs again.
    EndExperts(&'static str),
    /// From here on the project goes its way like any other.
    HandOver,
}

/// Working day, hour and minute of each scene, in order.
pub(super) const SCRIPT: &[(i32, i64, i64, Scene)] = &[
    (-8, 10, 0, Scene::Register),
    (-7, 14, 0, Scene::AgreePlan),
    (-6, 9, 30, Scene::MarkKey),
    (-1, 15, 0, Scene::LandContract),
    // Stage 1: filed on the spot, planning permit for the land on the second day.
    (0, 9, 10, Scene::Apply(1)),
    (0, 10, 20, Scene::Accept(1)),
    (0, 11, 0, Scene::Alone("LX-05")),
    (0, 14, 10, Scene::Alone("LX-16")),
    (1, 9, 40, Scene::Opinion("LX-11b")),
    (1, 15, 20, Scene::Review("LX-11b")),
    (2, 10, 30, Scene::Approve("LX-11b")),
    // More than five hectares: the water department decides on soil and water meanwhile.
    (2, 14, 0, Scene::Opinion("LX-17a")),
    (3, 9, 40, Scene::Review("LX-17a")),
    (4, 10, 30, Scene::Approve("LX-17a")),
    // Stage 2: planning, housing and civil defence at the same time.
    (4, 14, 0, Scene::Apply(2)),
    (5, 10, 0, Scene::Notice(2)),
    (6, 20, 15, Scene::Correct(2)),
    (7, 9, 20, Scene::Accept(2)),
    (8, 10, 0, Scene::AskExperts("SG-01")),
    (9, 9, 30, Scene::CallExperts("SG-01")),
    (9, 14, 0, Scene::Opinion("GH-02")),
    (9, 15, 0, Scene::Opinion("GH-09a")),
    (10, 10, 0, Scene::Review("GH-02")),
    (10, 11, 0, Scene::Review("GH-09a")),
    (10, 15, 30, Scene::Approve("GH-09a")),
    (11, 10, 0, Scene::Approve("GH-02")),
    (15, 16, 0, Scene::EndExperts("SG-01")),
    // Stage 3 begins while the drawings are still being reviewed: housing, urban management
    // and traffic police at the same time.
    (17, 10, 0, Scene::Apply(3)),
    (18, 9, 30, Scene::Accept(3)),
    (18, 10, 30, Scene::Alone("SG-06")),
    (18, 14, 0, Scene::Opinion("SG-01")),
    (19, 9, 30, Scene::Opinion("SG-12")),
    (19, 10, 30, Scene::Opinion("SG-13")),
    (19, 11, 15, Scene::Opinion("SG-14")),
    (20, 9, 30, Scene::Review("SG-01")),
    (20, 10, 0, Scene::Review("SG-12")),
    (20, 10, 30, Scene::Review("SG-13")),
    (20, 14, 0, Scene::Review("SG-14")),
    (21, 9, 30, Scene::Approve("SG-12")),
    (21, 10, 0, Scene::Approve("SG-13")),
    (21, 11, 0, Scene::Approve("SG-14")),
    (21, 14, 0, Scene::Opinion("SG-09")),
    (22, 10, 0, Scene::Approve("SG-01")),
    (23, 10, 0, Scene::Review("SG-09")),
    (25, 10, 30, Scene::Approve("SG-09")),
    (25, 11, 0, Scene::HandOver),
];
