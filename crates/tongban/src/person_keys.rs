//! `tongban person-keys`.

use anyhow::Context as _;
use tongban_store::add_person_key;

use crate::place::Place;

/// Draws or takes away a key when asked to, then says how much is under which.
pub(crate) fn run(place: &Place, add: bool, forget: Option<u16>) -> anyhow::Result<()> {
    let store = place.look().context("cannot open the node")?;
    if add {
        let number = add_person_key(&place.data).context("cannot make a key")?;
        println!("key {number} was made; a running node goes over to it within a minute or two");
    }
    if let Some(number) = forget {
        store.forget_person_key(number)?;
        println!(
            "key {number} is gone; backups made before its end can only be read with a copy of it"
        );
    }
    for key in store.person_keys().context("cannot read the node")? {
        let missing = if key.is_there { "" } else { ", and its file is not there" };
        println!("key {}: {} rows{missing}", key.key, key.cells);
    }
    Ok(())
}
