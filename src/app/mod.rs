//! The application: the window, and the platform that does what the editor asks for.

mod shortcuts;
pub mod window;

pub use window::Window;
