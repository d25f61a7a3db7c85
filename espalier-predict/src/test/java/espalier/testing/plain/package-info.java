/** What tests share that needs no tensors: golden values, pictures and hostile files, a server, the budget of lines. */
@NullMarked
package espalier.testing.plain;

import org.jspecify.annotations.NullMarked;
