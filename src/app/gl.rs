//! Meshes that the graphics card keeps, by OpenGL: uploaded once, and drawn in each frame where the view has come to.
//!
//! They look as those do that egui hands on: its shaders, dithering included, with the place as a uniform.
#![expect(unsafe_code, reason = "OpenGL has no other calls")]

use std::any::Any;
use std::mem::offset_of;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use eframe::egui_glow::{CallbackFn, Painter, ShaderVersion};
use eframe::glow::{self, HasContext as _};
use egui::epaint::Vertex;
use egui::{Mesh, PaintCallbackInfo};

use crate::ui::paint::{Kept, Store};

const VERTEX: &str = include_str!("gl/vertex.glsl");
const FRAGMENT: &str = include_str!("gl/fragment.glsl");

/// The store of the graphics card.
#[derive(Debug)]
pub(super) struct Gl(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    program: glow::Program,
    held: Mutex<Vec<Held>>,
    has_failed: AtomicBool,
}

/// What is held of meshes of one stamp.
#[derive(Debug)]
struct Held {
    stamp: Weak<()>,
    buffers: [Option<Buffers>; 3],
}

/// A mesh on the card.
#[derive(Debug, Clone, Copy)]
struct Buffers {
    array: glow::VertexArray,
    vertices: glow::Buffer,
    indices: glow::Buffer,
    /// How many indices.
    count: i32,
}

impl Gl {
    /// Nothing where the system's OpenGL is too old, or does not take the shaders.
    pub(super) fn new(gl: &glow::Context) -> Option<Self> {
        let version = ShaderVersion::get(gl);
        if !version.is_new_shader_interface() {
            return None;
        }
        let program = program(gl, version)?;
        Some(Self(Arc::new(Inner { program, held: Mutex::default(), has_failed: AtomicBool::new(false) })))
    }
}

impl Store for Gl {
    fn draw(&self, kept: Kept) -> Option<Arc<dyn Any + Send + Sync>> {
        if self.0.has_failed.load(Ordering::Relaxed) {
            return None;
        }
        let inner = Arc::clone(&self.0);
        Some(Arc::new(CallbackFn::new(move |info, painter| {
            if inner.draw(&kept, &info, painter).is_none() {
                inner.has_failed.store(true, Ordering::Relaxed);
            }
        })))
    }
}

impl Inner {
    /// Nothing if the card has no room left.
    fn draw(&self, kept: &Kept, info: &PaintCallbackInfo, painter: &Painter) -> Option<()> {
        let gl = painter.gl();
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().position(|it| it.stamp.as_ptr() == Arc::as_ptr(&kept.stamp));
        let at = if let Some(at) = known { at } else { take_in(gl, &mut all, kept)? };
        self.place(gl, kept, info);
        for (mesh, buffers) in kept.meshes.iter().zip(&all[at].buffers) {
            let (Some(buffers), Some(texture)) = (buffers, painter.texture(mesh.texture_id)) else {
                continue;
            };
            let stretch = kept.stretch_of(mesh);
            // SAFETY: the buffers are ours, and the indices that they hold are those of a mesh.
            unsafe {
                let place = gl.get_uniform_location(self.program, "u_stretch");
                gl.uniform_2_f32(place.as_ref(), stretch.x, stretch.y);
                gl.bind_texture(glow::TEXTURE_2D, Some(texture));
                gl.bind_vertex_array(Some(buffers.array));
                gl.draw_elements(glow::TRIANGLES, buffers.count, glow::UNSIGNED_INT, 0);
                gl.bind_vertex_array(None);
            }
        }
        Some(())
    }

    /// Says where on the screen they lie. The toolkit sets all that again after a callback.
    fn place(&self, gl: &glow::Context, kept: &Kept, info: &PaintCallbackInfo) {
        let [wide, high] = info.screen_size_px;
        let scale = 2.0 * info.pixels_per_point;
        let (x, y) = (scale / wide.max(1) as f32, -scale / high.max(1) as f32);
        // SAFETY: the program is ours, and lives as long as the context.
        unsafe {
            gl.viewport(0, 0, wide.cast_signed(), high.cast_signed());
            gl.use_program(Some(self.program));
            let place = gl.get_uniform_location(self.program, "u_place");
            let (right, down) = (kept.off.x * x - 1.0, kept.off.y * y + 1.0);
            gl.uniform_4_f32(place.as_ref(), kept.zoom * x, kept.zoom * y, right, down);
        }
    }
}

/// Uploads meshes, to where others were that are gone, and lets go of more of those. Returns where they are held.
fn take_in(gl: &glow::Context, all: &mut Vec<Held>, kept: &Kept) -> Option<usize> {
    let gone = all.extract_if(.., |it| it.stamp.strong_count() == 0);
    let mut spare: Vec<Buffers> = gone.flat_map(|it| it.buffers.into_iter().flatten()).collect();
    let mut held = Held { stamp: Arc::downgrade(&kept.stamp), buffers: [None; 3] };
    for (mesh, buffers) in kept.meshes.iter().zip(&mut held.buffers).filter(|it| !it.0.is_empty()) {
        let before = spare.pop().or_else(|| create(gl))?;
        *buffers = Some(uploaded(gl, before, mesh)?);
    }
    spare.into_iter().for_each(|it| delete(gl, it));
    all.push(held);
    Some(all.len() - 1)
}

fn create(gl: &glow::Context) -> Option<Buffers> {
    // SAFETY: the context is the one that is drawn with.
    unsafe {
        let (array, vertices, indices) =
            (gl.create_vertex_array().ok()?, gl.create_buffer().ok()?, gl.create_buffer().ok()?);
        gl.bind_vertex_array(Some(array));
        gl.bind_buffer(glow::ARRAY_BUFFER, Some(vertices));
        gl.bind_buffer(glow::ELEMENT_ARRAY_BUFFER, Some(indices));
        let attributes = [
            (0, 2, glow::FLOAT, offset_of!(Vertex, pos)),
            (1, 2, glow::FLOAT, offset_of!(Vertex, uv)),
            (2, 4, glow::UNSIGNED_BYTE, offset_of!(Vertex, color)),
        ];
        for (at, size, kind, offset) in attributes {
            gl.vertex_attrib_pointer_f32(at, size, kind, false, size_of::<Vertex>() as i32, offset as i32);
            gl.enable_vertex_attrib_array(at);
        }
        gl.bind_vertex_array(None);
        Some(Buffers { array, vertices, indices, count: 0 })
    }
}

fn uploaded(gl: &glow::Context, into: Buffers, mesh: &Mesh) -> Option<Buffers> {
    let count = i32::try_from(mesh.indices.len()).ok()?;
    // SAFETY: the buffers are ours, and are given as many bytes as the slices have.
    unsafe {
        gl.bind_vertex_array(Some(into.array));
        gl.bind_buffer(glow::ARRAY_BUFFER, Some(into.vertices));
        gl.buffer_data_u8_slice(glow::ARRAY_BUFFER, bytemuck::cast_slice(&mesh.vertices), glow::DYNAMIC_DRAW);
        let indices = bytemuck::cast_slice(&mesh.indices);
        gl.buffer_data_u8_slice(glow::ELEMENT_ARRAY_BUFFER, indices, glow::DYNAMIC_DRAW);
        gl.bind_vertex_array(None);
    }
    Some(Buffers { count, ..into })
}

fn delete(gl: &glow::Context, it: Buffers) {
    // SAFETY: they are ours, and nothing draws them any more.
    unsafe {
        gl.delete_vertex_array(it.array);
        gl.delete_buffer(it.vertices);
        gl.delete_buffer(it.indices);
    }
}

fn program(gl: &glow::Context, version: ShaderVersion) -> Option<glow::Program> {
    // SAFETY: the context is the one that is drawn with.
    unsafe {
        let program = gl.create_program().ok()?;
        let shaders = [(glow::VERTEX_SHADER, VERTEX), (glow::FRAGMENT_SHADER, FRAGMENT)];
        let shaders = shaders.map(|(kind, source)| {
            let shader = gl.create_shader(kind).ok()?;
            gl.shader_source(shader, &format!("{}{source}", version.version_declaration()));
            gl.compile_shader(shader);
            gl.attach_shader(program, shader);
            Some(shader)
        });
        for (at, name) in [(0, "a_pos"), (1, "a_tc"), (2, "a_srgba")] {
            gl.bind_attrib_location(program, at, name);
        }
        gl.link_program(program);
        for shader in shaders.into_iter().flatten() {
            gl.detach_shader(program, shader);
            gl.delete_shader(shader);
        }
        if gl.get_program_link_status(program) {
            return Some(program);
        }
        gl.delete_program(program);
        None
    }
}
