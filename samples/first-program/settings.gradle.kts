rootProject.name = "first-program"
