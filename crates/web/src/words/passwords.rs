//! What is wrong with a password.

use tongban_store::{Guess, PasswordFault};

use super::too_many;
use crate::forms::{Faults, Typed};

/// A one-time password was wrong, or opened something already.
pub(crate) const WRONG_CODE: &str = "动态口令不对或者已经用过，请等应用显示下一组数字";

/// Whether the form of a new password was filled.
pub(crate) fn new_password(typed: &Typed, faults: &mut Faults) {
    if typed.raw("old").is_empty() {
        faults.add("old", "请填写现在的密码");
    }
    if typed.raw("new") != typed.raw("again") {
        faults.add("again", "两次输入的新密码不一样");
    }
}

/// Why a password was not changed.
pub(crate) fn password_faults(done: Guess<Result<(), PasswordFault>>, faults: &mut Faults) {
    match done {
        Guess::Right(Ok(())) => {}
        Guess::Right(Err(fault)) => faults.add(
            "new",
            match fault {
                PasswordFault::Short(least) => format!("新密码至少要有 {least} 个字"),
                PasswordFault::Long(most) => format!("新密码最多 {most} 个字"),
                PasswordFault::HasLogin => "新密码不能包含账号".to_owned(),
                PasswordFault::Simple => "新密码太容易被猜到或者和原来一样，请换一个".to_owned(),
            },
        ),
        Guess::Wrong => faults.add("old", "现在的密码不对"),
        Guess::TooMany(minutes) => faults.add("old", too_many(minutes)),
    }
}
