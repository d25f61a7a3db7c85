@echo off
rem Starts Espalier with the Java that JAVA_HOME or PATH names.
rem ESPALIER_JAVA_OPTS adds options of your own, such as -Xmx8g.
setlocal
set "APP=%~dp0.."
set "JAVA=java"
if not "%JAVA_HOME%"=="" set "JAVA=%JAVA_HOME%\bin\java"
set "MAJOR="
for /f tokens^=2^ delims^=^" %%v in ('^""%JAVA%" -version 2^>^&1^"') do if not defined MAJOR for /f "delims=.-+" %%m in ("%%v") do set "MAJOR=%%m"
if not defined MAJOR (
  echo espalier: there is no Java. Install a JDK or JRE, 17 or newer, or set JAVA_HOME. 1>&2
  exit /b 69
)
if %MAJOR% LSS 17 (
  echo espalier: Java %MAJOR% is too old; 17 or newer is needed. Maybe set JAVA_HOME to a newer one. 1>&2
  exit /b 69
)
set "NATIVE="
if %MAJOR% GEQ 22 set "NATIVE=--enable-native-access=ALL-UNNAMED"
set "CARDS="
if not exist "%APP%\lib\*-gpu.jar" set "CARDS=-Dorg.bytedeco.javacpp.platform.extension=-none"
"%JAVA%" %NATIVE% %CARDS% -Djava.awt.headless=true -Dfile.encoding=UTF-8 "-Djdk.serialFilter=!*" -cp "%APP%\lib\*" %ESPALIER_JAVA_OPTS% espalier.cli.Main %*
exit /b %ERRORLEVEL%
