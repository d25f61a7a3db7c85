import espalier.predict.Predictor
import java.nio.file.Path

var model = Predictor.load(Path.of("model.safetensors"))
var answer = model.predict(Path.of("photo.png"))
System.out.println(answer)
model.close()
/exit
