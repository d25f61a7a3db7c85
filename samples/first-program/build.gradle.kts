plugins {
    application
}

repositories {
    mavenLocal() // where `mvn install` puts Espalier
    mavenCentral()
}

dependencies {
    implementation(platform("dev.espalier:espalier-bom:0.1.0-SNAPSHOT"))
    implementation("dev.espalier:espalier-core")
    runtimeOnly("dev.espalier:espalier-weights")
    runtimeOnly("org.slf4j:slf4j-simple:2.0.20")
    // Gradle does not follow Maven's profiles and takes the native libraries of Linux. On another system, add its own:
    // for (library in listOf("javacpp:1.5.13", "openblas:0.3.31-1.5.13", "opencv:4.13.0-1.5.13", "pytorch:2.10.0-1.5.13")) {
    //     runtimeOnly("org.bytedeco:$library:macosx-arm64")
    // }
}

java {
    toolchain {
        languageVersion = JavaLanguageVersion.of(17)
    }
}

application {
    mainClass = "FirstProgram"
}
