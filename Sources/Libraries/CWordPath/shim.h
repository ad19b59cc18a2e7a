// Viterbi alignment of words with audio, eight states at a time, with compiler vectors, so that unoptimised builds run
// the same code.
#ifndef GENLOCK_WORD_PATH_H
#define GENLOCK_WORD_PATH_H

typedef float genlock_word_values __attribute__((vector_size(32), aligned(4)));
typedef int genlock_word_places __attribute__((vector_size(32), aligned(4)));

struct genlock_words {
    int states;                   // two dummies first, then a multiple of 8
    int last;                     // the state that a path ends in
    float enter;                  // the price of a further state
    const unsigned char *classes; // of each state; 0: silence
    const float *stays;           // what a further frame in the state is worth
    const float *skips;           // what leaving the state out is worth
};

static inline genlock_word_values genlock_word_either(
    genlock_word_places first, genlock_word_values one, genlock_word_values other) {
    return (genlock_word_values)((first & (genlock_word_places)one) | (~first & (genlock_word_places)other));
}

// The best value of a path that ends in each state at a frame, and the frame where it began, from those of the previous
// frame. `heard`: the score of each class in the frame. `value[1]` is the value of a path that starts here, `start[1]`
// the frame.
static inline void genlock_word_step(
    struct genlock_words words, const float *heard, const float *value, const int *start, float *next_value,
    int *next_start) {
    for (int state = 2; state < words.states; state += 8) {
        const unsigned char *c = words.classes + state;
        genlock_word_values best = *(const genlock_word_values *)(value + state)
            + *(const genlock_word_values *)(words.stays + state);
        genlock_word_values entered = *(const genlock_word_values *)(value + state - 1) + words.enter;
        genlock_word_values jumped = *(const genlock_word_values *)(value + state - 2) + words.enter
            + *(const genlock_word_values *)(words.skips + state - 1);
        genlock_word_values sound = {heard[c[0]], heard[c[1]], heard[c[2]], heard[c[3]],
                                     heard[c[4]], heard[c[5]], heard[c[6]], heard[c[7]]};
        genlock_word_places enters = entered > best;
        best = genlock_word_either(enters, entered, best);
        genlock_word_places jumps = jumped > best;
        *(genlock_word_values *)(next_value + state) = genlock_word_either(jumps, jumped, best) + sound;
        genlock_word_places from = (enters & *(const genlock_word_places *)(start + state - 1))
            | (~enters & *(const genlock_word_places *)(start + state));
        *(genlock_word_places *)(next_start + state) =
            (jumps & *(const genlock_word_places *)(start + state - 2)) | (~jumps & from);
    }
}

// Aligns words with the frames `from ..< to` of scores (frames x columns): for each frame the value of the best path
// that ends there, and the frame where it began. `values` and `starts` have room for twice `states`; `values` is that
// of an impossible path, except 0 in the second state of each half.
static inline void genlock_word_ends(
    struct genlock_words words, const float *scores, int columns, int from, int to, float *values, int *starts,
    float *end_values, int *end_starts) {
    float heard[16];
    float *value = values, *next_value = values + words.states;
    int *start = starts, *next_start = starts + words.states;
    for (int frame = from; frame < to; frame++) {
        const float *row = scores + (long)frame * columns;
        // Silence costs, but earns nothing.
        heard[0] = row[0] < 0 ? row[0] : 0;
        for (int column = 1; column < columns; column++) {
            heard[column] = row[column];
        }
        start[1] = frame;
        genlock_word_step(words, heard, value, start, next_value, next_start);
        end_values[frame - from] = next_value[words.last];
        end_starts[frame - from] = next_start[words.last];
        float *v = value;
        value = next_value;
        next_value = v;
        int *s = start;
        start = next_start;
        next_start = s;
    }
}

#endif
