#ifdef GL_ES
precision highp float;
#endif

uniform sampler2D u_sampler;

in vec2 v_tc;
in vec4 v_rgba;
out vec4 f_color;

// Interleaved gradient noise (Jimenez, Next Generation Post Processing in Call of Duty, SIGGRAPH 2014): less than a step of
// a colour, so that shadows have no bands and flat colours stay flat.
float noise(vec2 at) {
    return fract(52.9829189 * fract(0.06711056 * at.x + 0.00583715 * at.y)) - 0.5;
}

void main() {
    // In gamma space, as texts need it.
    vec4 colour = v_rgba * texture(u_sampler, v_tc);
    f_color = vec4(colour.rgb + noise(gl_FragCoord.xy) * 0.95 / 255.0, colour.a);
}
