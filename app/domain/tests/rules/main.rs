//! The rulebook of news and appeals, asked as the server asks it: who may do what in which state, what
//! each refusal says, and what holds after any row of acts.

mod appeal;
mod article;
mod bench;
mod cast;
mod device;
mod draft;
mod opening;
mod org;
mod refusals;
mod walks;
