// One layer of a small convolutional network, eight channels at a time, with compiler vectors: Swift's debug builds are
// two hundred times slower.
#ifndef GENLOCK_CONVOLUTION_H
#define GENLOCK_CONVOLUTION_H

typedef float genlock_eight __attribute__((vector_size(32), aligned(4)));

struct genlock_layer {
    int size, stride, inputs, outputs; // outputs: a multiple of 8
    const float *kernel;               // size x size x inputs x outputs
    const float *bias;
};

// Input: rows of `padded` positions of `inputs` channels, with the border. Output: `side` x `side` positions within the
// given border; the positive part is written. A kernel row's taps are adjacent in the input, so that each output is a
// few long sums; four neighbouring positions share each loaded weight.
static inline void genlock_convolve(
    struct genlock_layer layer, const float *input, int padded, float *output, int side, int border) {
    int span = layer.size * layer.inputs, step = layer.stride * layer.inputs, outputs = layer.outputs;
    int row = padded * layer.inputs, width = side + 2 * border;
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x += 4) {
            int places = side - x < 4 ? side - x : 4;
            const float *from = input + y * layer.stride * row + x * step;
            float *to = output + ((y + border) * width + x + border) * outputs;
            // Beyond the row's end the last position is recomputed.
            int b = (places > 1) * step, c = b + (places > 2) * step, d = c + (places > 3) * step;
            for (int group = 0; group < outputs; group += 8) {
                genlock_eight p = *(const genlock_eight *)(layer.bias + group), q = p, r = p, s = p;
                const float *weights = layer.kernel + group;
                for (int i = 0; i < layer.size; i++) {
                    const float *line = from + i * row;
                    for (int tap = 0; tap < span; tap++, weights += outputs) {
                        genlock_eight w = *(const genlock_eight *)weights;
                        p += w * line[tap];
                        q += w * line[b + tap];
                        r += w * line[c + tap];
                        s += w * line[d + tap];
                    }
                }
                genlock_eight sums[4] = {p, q, r, s};
                for (int place = 0; place < places; place++) {
                    for (int k = 0; k < 8; k++) {
                        float value = sums[place][k];
                        to[place * outputs + group + k] = value > 0 ? value : 0;
                    }
                }
            }
        }
    }
}

#endif
