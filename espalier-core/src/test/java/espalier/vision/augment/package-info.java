@NullMarked
package espalier.vision.augment;

import org.jspecify.annotations.NullMarked;
