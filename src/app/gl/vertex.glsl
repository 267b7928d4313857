#ifdef GL_ES
precision highp float;
#endif

// What to multiply points by, then to add, so that they lie between -1 and 1.
uniform vec4 u_place;
// By how much the texture was larger when the mesh was written.
uniform vec2 u_stretch;

in vec2 a_pos;
in vec2 a_tc;
in vec4 a_srgba;
out vec2 v_tc;
out vec4 v_rgba;

void main() {
    gl_Position = vec4(a_pos * u_place.xy + u_place.zw, 0.0, 1.0);
    v_tc = a_tc * u_stretch;
    v_rgba = a_srgba / 255.0;
}
