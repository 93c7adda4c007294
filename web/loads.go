package web

func (s *Server) loadsRoutes() {}
