//! The permit cannot be made, copied or read from a wire by anybody but the gate.

use crate::kit::*;
use server::gate::{Permit, Refused, Size, Step, Why};

/// Whether a type implements a trait, answered by which of two functions method lookup finds first.
macro_rules! implements {
    ($type:ty: $($bound:tt)+) => {{
        struct Ask<T>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        trait Otherwise {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T> Otherwise for &Ask<T> {}
        #[allow(dead_code)]
        impl<T: $($bound)+> Ask<T> {
            fn answer(&self) -> bool {
                true
            }
        }
        (&Ask::<$type>(std::marker::PhantomData)).answer()
    }};
}

#[test]
fn a_permit_is_not_clone_not_default_and_not_data() {
    assert!(implements!(Permit: std::fmt::Debug), "the question itself works");
    assert!(!implements!(Permit: Clone));
    assert!(!implements!(Permit: Default));
    assert!(!implements!(Permit: serde::de::DeserializeOwned));
}

#[test]
fn a_permit_carries_the_very_bytes_it_was_given_for() {
    let (mut li, store) = born();
    let raw = li.put("title", "原样");
    let admitted = store.ask(&raw).expect("let in");
    assert_eq!(admitted.permit.bytes(), raw);
    assert_eq!(admitted.permit.hash(), admitted.hash);
    assert_eq!(admitted.permit.claims().actor, [1; 16]);
    assert_eq!(admitted.permit.claims().seq, 2);
}

#[test]
fn every_refusal_has_a_code_and_a_sentence_in_two_languages() {
    let hash = domain::Hash([0; 32]);
    let all = [
        Refused::Duplicate,
        Refused::MissingDeps(vec![hash]),
        Refused::DependsOnRefused(hash),
        Refused::Equivocation,
        Refused::OutOfOrder(server::gate::Order::Birth),
        Refused::NotAllowed { path: "title".into(), why: Why::Type },
        Refused::NotAllowed { path: "title".into(), why: Why::Length },
        Refused::TooBig(Size::Text),
        Refused::TooBig(Size::Heads),
        Refused::TooBig(Size::Document),
        Refused::Malformed(Step::Magic),
        Refused::Poison { step: Step::Load, at: String::new() },
        Refused::Later(server::gate::Trouble::Busy),
    ];
    for refused in all {
        assert!(refused.zh().chars().any(|c| c > '\u{4e00}') && refused.en().is_ascii(), "{refused:?}");
        let read: Refused = domain::from_cbor(&domain::to_cbor(&refused)).expect("reads back");
        assert_eq!(read, refused);
        let final_on_the_phone = matches!(refused.clone().fate(), sync::Fate::Refused(_));
        assert_eq!(final_on_the_phone, refused.is_final(), "{refused:?}");
    }
}
